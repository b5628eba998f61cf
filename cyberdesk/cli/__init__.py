"""`cyberdesk NAME` runs `command` of the module `cyberdesk.cli.NAME`, and imports no other."""

import gc
import importlib
import os
from pathlib import Path
from typing import Any

import click

from cyberdesk.core.errors import RefusalError


class _Commands(click.Group):
    """A new module is a new command. Only the one asked for is imported: `up` has to stay small."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        names = (module.stem for module in Path(__file__).parent.glob("[!_]*.py"))
        return sorted(name.replace("_", "-") for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        gc.disable()  # imports make many objects and no garbage: looking for it took half the time
        try:
            module = importlib.import_module(f"{__name__}.{cmd_name.replace('-', '_')}")
        finally:
            gc.enable()
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RefusalError as refusal:
            hint = f"\n{refusal.hint}" if refusal.hint else ""
            raise click.ClickException(f"{refusal.message}{hint}") from refusal
        except Exception as error:
            kinds = {kind.__name__ for kind in type(error).__mro__}
            if kinds & _SETTINGS:
                raise _RefusedSettingsError(_said(error)) from error
            if kinds & _AWAY:
                raise click.ClickException(_said(error)) from error
            raise


# What an operator mends: told in a breath. By name, for importing them would take longer.
_SETTINGS = {"UnsafeSettingsError", "SecretError", "BreachedListError"}
_AWAY = {"OperationalError"}


class _RefusedSettingsError(click.ClickException):
    """To try again is of no use; `up` knows it by this code."""

    exit_code = os.EX_CONFIG


def _said(error: Exception) -> str:
    """Return the error's own words; of a database's, those of its driver alone."""
    return str(getattr(error, "orig", None) or error).strip()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cyberdesk")
def main() -> None:
    """CyberDesk, the cyber-incident response platform for municipalities."""
