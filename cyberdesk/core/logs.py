"""Logs: one JSON object a line, ids and codes only; those of libraries too.

A person's words never stand in them: an error is told by its kind and by where it happened, and its
message only where no value of a person can be in it.
"""

import io
import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Any, TextIO, cast

import structlog

from cyberdesk.core.masking import masked

_Event = structlog.typing.EventDict
_LONGEST_CHAIN = 5
# Messages of these name code, hosts and ports. The others may quote what somebody typed.
_SPEAK = (AttributeError, ImportError, NameError, OSError, NotImplementedError)
_SPEAK_BY_NAME = {"ConnectorError", "EgressRefusedError", "NoAnswerError", "RedisError"}


class _Stderr(io.TextIOBase):
    """Standard error as it is at the moment of writing."""

    def write(self, text: str, /) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(*, plain: bool = False) -> None:
    """Log to standard error; `plain` is for a console, otherwise JSON."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False)
        if plain
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    first: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_error,
    ]
    structlog.configure(
        processors=[*first, renderer],
        # On a console each request would be a line; where lines are gathered, each is wanted.
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if plain else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Stderr())),
        cache_logger_on_first_use=False,
    )
    _join_libraries(first, renderer)


def _join_libraries(
    first: list[structlog.typing.Processor], renderer: structlog.typing.Processor
) -> None:
    """Have what libraries log written like our own lines."""
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *first],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def tell_error(_logger: Any, _method: str, event: _Event) -> _Event:
    """Replace `exc_info` by the kinds of the errors and where they were raised."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_lines(error))
    return event


def _lines(error: BaseException) -> Iterator[str]:
    for one in _chain(error):
        yield _named(one)
        for frame in traceback.extract_tb(one.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_LONGEST_CHAIN):
        if error is None:
            return
        yield error
        hidden = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or hidden


def _named(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    state = getattr(error, "sqlstate", None)  # of PostgreSQL: its message would quote the row
    if state:
        return f"{kind}: SQLSTATE {state}"
    names = {parent.__name__ for parent in type(error).__mro__}
    if isinstance(error, _SPEAK) or names & _SPEAK_BY_NAME:
        return f"{kind}: {masked(str(error))}"
    return kind
