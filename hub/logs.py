"""Structured logs: one JSON object a line on stderr, with names and counts and nothing that anybody typed."""

import logging
import sys

import structlog

from common.machine import systemd


def configure_logs(component: str) -> None:
    """Send every log of this process to stderr as JSON; results alone go to stdout."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.EventRenamer("action"),
            systemd.renderer(structlog.processors.JSONRenderer(ensure_ascii=False), sys.stderr),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(component=component)
    systemd.configure_libraries(sys.stderr)
