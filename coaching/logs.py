"""Logs: one line of JSON per event (readable while developing), without names, addresses or searches."""

import logging.config
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

PERSONAL = {"user_agent", "ip", "user_id", "email", "username"}


class RequestLog(RequestMiddleware):
    """Names the path only: a query string may hold what somebody searched for."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


def leave_out_personal_data(
    _logger: Any, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {key: value for key, value in event.items() if key not in PERSONAL}


SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    leave_out_personal_data,
]


def logging_settings(level: str, readable: bool) -> dict:
    """The LOGGING dictionary; ``readable`` for a person at a terminal, else JSON."""
    renderer = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    *last,
                    *([] if readable else [structlog.processors.format_exc_info]),
                    renderer,
                ],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
    }


def configure(settings: dict) -> None:
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
