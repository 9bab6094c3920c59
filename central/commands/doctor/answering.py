"""Whether central answers where kiosks call it: asked by TLS as they ask, for no file says what is served.

nginx may listen elsewhere, serve another site for the name, or hold a certificate that was renewed on the disk.
"""

import http.client
import json
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from central.base.config import CentralConfig
from central.commands.doctor.machine import CERTIFICATE_DUE
from common.machine.doctor.finding import Finding, ok, problem, skipped, warning

_CHECK: Final = "address"
_WITHIN_S: Final = 5.0
_MOST_BYTES: Final = 10_000
_TRIES, _BETWEEN_S = 15, 2.0
_NOT_YET: Final = (502, 503, 504)
"""What nginx says while central starts, as after a line that has just restarted it."""

Asked = tuple[bytes | None, int, bytes]
"""The certificate that was served (DER; None without TLS), the status, and the body."""


def ask(url: str) -> Asked:
    """Ask `/healthz` at a public address, of anybody who answers there. Raises OSError, http.client.HTTPException."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # what is served is looked at, not believed
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, parts.port, timeout=_WITHIN_S, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=_WITHIN_S)
    try:
        connection.connect()
        shown = connection.sock.getpeercert(True) if isinstance(connection.sock, ssl.SSLSocket) else None
        connection.request("GET", f"{parts.path.rstrip('/')}/healthz")
        answer = connection.getresponse()
        return shown, answer.status, answer.read(_MOST_BYTES)
    finally:
        connection.close()


def address(
    config: CentralConfig,
    certificate: Path,
    now: datetime,
    asks: Callable[[str], Asked] = ask,
    sleep: Callable[[float], None] = time.sleep,
) -> Finding:
    """Whether central's public address answers as central, with the certificate that lies here.

    One that starts is given half a minute.
    """
    url = config.public_url
    if url is None:
        return skipped(_CHECK, "CENTRAL_PUBLIC_URL is not given here")
    try:
        shown, status, body = asks(url)
        for _ in range(_TRIES if status in _NOT_YET else 0):
            sleep(_BETWEEN_S)
            shown, status, body = asks(url)
            if status not in _NOT_YET:
                break
    except (OSError, http.client.HTTPException) as error:
        todo = (
            "nginx -t; ss -ltn: nginx listens there? getent hosts NAME: this machine? the firewall (nft list ruleset)"
        )
        return problem(_CHECK, f"{url} does not answer ({type(error).__name__}): no kiosk reaches central", todo)
    if status != 200 or not _is_central(body):
        todo = "server_name and listen in nginx as nginx/central.conf has them; systemctl reload nginx"
        return problem(_CHECK, f"{url} answers with status {status}, and not as central", todo)
    if shown is None:
        return ok(_CHECK, f"{url} answers as central")
    end = x509.load_der_x509_certificate(shown).not_valid_after_utc
    if _differs(shown, certificate):
        told = problem if end - now < CERTIFICATE_DUE else warning
        said = f"not the one of {certificate} is served, but one that ends on {end:%Y-%m-%d}: then kiosks are cut off"
        return told(_CHECK, said, "nginx -t && systemctl reload nginx")
    return ok(_CHECK, f"{url} answers as central, with a certificate until {end:%Y-%m-%d}")


def _is_central(body: bytes) -> bool:
    try:
        return bool(json.loads(body) == {"status": "ok"})
    except ValueError:
        return False


def _differs(shown: bytes, certificate: Path) -> bool:
    try:
        first = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError):
        return False  # that it is missing or damaged is another check's
    return first.public_bytes(Encoding.DER) != shown
