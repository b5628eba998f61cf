from cyberdesk.core.errors import UnavailableError


class EmbeddedError(UnavailableError):
    """A process that we run does not start; shown on the console with what to do."""

    code = "embedded"

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else str(self.message)
