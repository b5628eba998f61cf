"""Logs: one JSON object a line, ids and codes only. Tracebacks never show the values of locals."""

import logging
import sys

import structlog


def configure(*, plain: bool = False) -> None:
    """Log to standard error; `plain` is for a console, otherwise JSON."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
        if plain
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    stamps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    errors = [] if plain else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*stamps, *errors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s", force=True)
