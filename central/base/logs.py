"""Structured logs: one JSON object a line on stderr, with names and counts and never a citizen's data."""

import logging
import sys

import structlog

from common.machine import systemd


def configure_logs() -> None:
    """Send every log to stderr as JSON; results alone go to stdout."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            systemd.renderer(structlog.processors.JSONRenderer(ensure_ascii=False), sys.stderr),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    systemd.configure_libraries(sys.stderr)
