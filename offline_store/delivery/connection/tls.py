"""TLS to central: one pinned CA, and certificates' dates judged also where the system's clock is wrong.

A kiosk with a dead clock battery starts in 1970, where every certificate is "not yet valid". It then asks central for
its signed time without looking at dates (the signature is what counts), and after that judges dates by the time that it
was told.
The name and the chain to the pinned CA are checked always.
"""

import enum
import errno
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

# openssl/x509_vfy.h; measured with OpenSSL 3.5: the chain and the host name are still checked.
X509_V_FLAG_NO_CHECK_TIME: Final = 0x200000
# X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_DATE_ERRORS: Final = (9, 10)
_NO_ROUTE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})


class CertificateDates(enum.Enum):
    """By which time a certificate's dates are judged."""

    BY_SYSTEM_CLOCK = "system"  #: OpenSSL's own check
    BY_TRUSTED_TIME = "trusted"  #: by central's signed time, after the handshake and before the first byte of ours
    IGNORED = "ignored"  #: for the time request only


class _DatedContext(ssl.SSLContext):
    """A context that checks each certificate of the verified chain against a time that it was told."""

    trusted_now: datetime

    def wrap_socket(self, *args: object, **kwargs: object) -> ssl.SSLSocket:
        """Wrap a socket, shake hands and judge the dates. Raises ssl.SSLCertVerificationError."""
        wrapped = super().wrap_socket(*args, **kwargs)  # type: ignore[arg-type]
        for der in wrapped.get_verified_chain():
            certificate = x509.load_der_x509_certificate(der)
            if not certificate.not_valid_before_utc <= self.trusted_now <= certificate.not_valid_after_utc:
                wrapped.close()
                raise ssl.SSLCertVerificationError("a certificate is out of date by central's own time")
        return wrapped


@dataclass(frozen=True, slots=True)
class Tls:
    """How central is recognised; `ca_file` is None for http on loopback."""

    ca_file: Path | None

    def context(self, dates: CertificateDates, trusted_now: datetime | None) -> ssl.SSLContext | bool:
        """Make what httpx2 verifies with. Raises ValueError where the CA file cannot be read."""
        if self.ca_file is None:
            return True  # never used: only http on loopback comes without a CA
        dated = dates is CertificateDates.BY_TRUSTED_TIME and trusted_now is not None
        context = _DatedContext(ssl.PROTOCOL_TLS_CLIENT) if dated else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_verify_locations(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ValueError(f"the CA file {self.ca_file} cannot be read as PEM: {error}") from error
        if dates is not CertificateDates.BY_SYSTEM_CLOCK:
            context.verify_flags |= ssl.VerifyFlags(X509_V_FLAG_NO_CHECK_TIME)
        if isinstance(context, _DatedContext) and trusted_now is not None:
            context.trusted_now = trusted_now
        return context


def loopback_or_tls(url: str, ca_file: Path | None) -> Tls:
    """Allow https with a pinned CA, and http to this machine alone. Raises ValueError saying what would be right."""
    named = f"central's address {url[:100]!r}"
    try:
        parts = urlsplit(url)
        is_plain = url.isascii() and url.isprintable() and " " not in url and parts.port != 0
    except ValueError as error:  # a bracket too few, a port above 65535
        raise ValueError(f"{named} can't be read ({error}); right would be such as https://central.example") from error
    if not is_plain:
        raise ValueError(f"{named} holds what no address holds; right would be such as https://central.example")
    if parts.scheme == "https" and ca_file is not None:
        return Tls(ca_file)
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return Tls(None)
    raise ValueError(f"{named} must be https with a ca_file, or http on this machine itself")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine itself, by address or by the one name that is always it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def network_failure(error: BaseException) -> tuple[str, str]:
    """Name a failed call by its innermost cause: a short code for alarms, and a line for a technician."""
    chain: list[BaseException] = []
    seen: BaseException | None = error
    while seen is not None and seen not in chain:
        chain.append(seen)
        seen = seen.__cause__ or seen.__context__
    for cause in chain:
        # Errors that Python raises itself (ours among them) lack what OpenSSL's have.
        if isinstance(cause, ssl.SSLError) and getattr(cause, "verify_code", None) in _DATE_ERRORS:
            return "certificate-dates", "central's certificate looks out of date: this machine's clock may be wrong"
        if isinstance(cause, ssl.SSLError):
            return "tls", f"the connection to central is not secure: {getattr(cause, 'reason', None) or cause}"
        if isinstance(cause, socket.gaierror):
            return "dns", "central's name is not found: no network, or no name server"
        if isinstance(cause, ConnectionRefusedError):
            return "connection-refused", "nothing answers at central's address and port"
        if isinstance(cause, OSError) and cause.errno in _NO_ROUTE:
            return "no-route", "no way leads to central: cable, address or gateway"
    kind = type(chain[0]).__name__
    if kind in ("ReadTimeout", "WriteTimeout"):
        return (
            "too-slow",
            "the connection to central stands and brings nothing on: the line is very slow, or central is",
        )
    if "Timeout" in kind:
        return "timeout", "central did not answer in time"
    return "network", f"central cannot be reached ({kind})"
