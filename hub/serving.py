"""Runs the hub's application until it is told to stop, over TLS where its address says https."""

from collections.abc import Callable

from common.machine.errors import CannotBeDone
from common.web import runner
from hub.api.app import create_app
from hub.api.server.server import Serving
from hub.delivery.certificate import own_certificate, take_signed

# uvicorn waits for open streams at its end: pages reconnect by themselves, so not for long.
GRACEFUL_STOP_S = 1
HEAD_WITHIN_S = 5.0
"""Of kiosks, counters and boards in the same house."""


async def serve(serving: Serving, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `announce` gets the URL once connections are taken.

    Raises:
        CannotBeDone: the address cannot be had.
        PlainError: there is no usable certificate.
    """
    try:
        listener, address = runner.listen(*serving.config.listen, HEAD_WITHIN_S)
    except runner.CannotListen as error:
        raise CannotBeDone(str(error)) from error
    tls = None
    if serving.config.is_secure:
        take_signed(serving.config, serving.own_record())
        certificate = own_certificate(serving.config)
        tls = str(certificate.certificate), str(certificate.key)
    settings = runner.settings(create_app(serving), GRACEFUL_STOP_S, tls)
    settings.load()
    serving.tls = settings.ssl
    scheme = "https" if serving.config.is_secure else "http"
    await runner.serve(settings, listener, lambda: announce(f"{scheme}://{address}"))
