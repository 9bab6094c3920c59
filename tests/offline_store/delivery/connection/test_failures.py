"""What a failed call is called, by its innermost cause; and which addresses central may have."""

import errno
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from cryptography import x509

from offline_store.delivery.connection import tls
from offline_store.delivery.connection.tls import CertificateDates, Tls, is_loopback, loopback_or_tls, network_failure

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def dated(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code = code
    return error


def caused(error: Exception, cause: BaseException, *, plainly: bool) -> Exception:
    if plainly:
        error.__cause__ = cause
    else:
        error.__context__ = cause
    return error


@pytest.mark.parametrize("plainly", [True, False])
@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (dated(8), "tls"),
        (dated(9), "certificate-dates"),
        (dated(10), "certificate-dates"),
        (dated(11), "tls"),
        (ssl.SSLError("x"), "tls"),
        (socket.gaierror(-2, "x"), "dns"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "connection-refused"),
        (OSError(errno.ENETUNREACH, "x"), "no-route"),
        (OSError(errno.EHOSTUNREACH, "x"), "no-route"),
        (OSError(errno.ENETDOWN, "x"), "no-route"),
        (OSError(errno.EPIPE, "x"), "network"),
    ],
)
def test_a_failure_is_named_by_what_lies_below_it(cause: BaseException, code: str, plainly: bool) -> None:
    assert network_failure(caused(httpx2.ConnectError("outer"), cause, plainly=plainly))[0] == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx2.ReadTimeout("x"), "too-slow"),
        (httpx2.WriteTimeout("x"), "too-slow"),
        (httpx2.ConnectTimeout("x"), "timeout"),
        (httpx2.PoolTimeout("x"), "timeout"),
        (httpx2.RemoteProtocolError("x"), "network"),
    ],
)
def test_a_failure_without_a_cause_is_named_by_its_kind(error: Exception, code: str) -> None:
    assert network_failure(error)[0] == code
    error.__context__ = caused(ValueError("x"), error, plainly=True)  # a ring of causes ends too
    assert network_failure(error)[0] == code
    assert network_failure(httpx2.RemoteProtocolError("x"))[1].endswith("(RemoteProtocolError)")


@pytest.mark.parametrize(
    ("url", "has_ca", "is_secure"),
    [
        ("https://central.example", True, True), ("https://central.example:65535", True, True),
        ("http://127.0.0.1:8080", False, False), ("http://localhost", True, False), ("http://[::1]:1", False, False),
        ("https://central.example", False, None), ("http://central.example", True, None),
        ("http://10.0.0.1", True, None),
        ("https://central.example:0", True, None), ("https://central.example:65536", True, None),
        ("https://central example", True, None), ("https://central.exämple", True, None), ("https://[::1", True, None),
        ("https://central\n.example", True, None), ("central.example", True, None),
    ],
)  # fmt: skip
def test_central_is_called_over_tls_with_its_ca_or_on_this_machine(
    url: str, has_ca: bool, is_secure: bool | None
) -> None:
    ca_file = Path("ca.pem") if has_ca else None
    if is_secure is None:
        with pytest.raises(ValueError, match=r"^central's address "):
            loopback_or_tls(url, ca_file)
    else:
        assert loopback_or_tls(url, ca_file) == Tls(ca_file if is_secure else None)


def test_loopback_is_an_address_or_one_name() -> None:
    hosts = ("127.0.0.1", "127.9.9.9", "::1", "localhost", "localhost.example", "10.0.0.1", "")
    assert [is_loopback(host) for host in hosts] == [True] * 4 + [False] * 3


@pytest.mark.parametrize(
    ("moment", "is_good"),
    [(-1, False), (0, True), (3600, True), (3601, False)],
)
def test_dates_are_judged_by_central_s_own_time(monkeypatch: pytest.MonkeyPatch, moment: int, is_good: bool) -> None:
    ends = NOW + timedelta(hours=1)
    certificate = SimpleNamespace(not_valid_before_utc=NOW, not_valid_after_utc=ends)
    closed: list[bool] = []
    wrapped: Any = SimpleNamespace(get_verified_chain=lambda: [b"der"], close=lambda: closed.append(True))
    monkeypatch.setattr(x509, "load_der_x509_certificate", lambda _: certificate)
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", lambda *_, **__: wrapped)
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)
    context = Tls(Path("ca.pem")).context(CertificateDates.BY_TRUSTED_TIME, NOW + timedelta(seconds=moment))
    assert isinstance(context, tls._DatedContext)
    if is_good:
        context.wrap_socket(object())
    else:
        with pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(object())
    assert closed == [True] * (not is_good)


@pytest.mark.parametrize("dates", CertificateDates)
@pytest.mark.parametrize("now", [None, NOW])
def test_openssl_looks_at_dates_only_where_its_clock_is_believed(
    monkeypatch: pytest.MonkeyPatch, dates: CertificateDates, now: datetime | None
) -> None:
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)
    context = Tls(Path("ca.pem")).context(dates, now)
    assert isinstance(context, ssl.SSLContext)
    is_skipped = bool(context.verify_flags & tls.X509_V_FLAG_NO_CHECK_TIME)
    assert is_skipped is (dates is not CertificateDates.BY_SYSTEM_CLOCK)
    assert isinstance(context, tls._DatedContext) is (dates is CertificateDates.BY_TRUSTED_TIME and now is not None)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert Tls(None).context(dates, now) is True


def test_a_ca_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read as PEM"):
        Tls(tmp_path / "none").context(CertificateDates.BY_SYSTEM_CLOCK, None)
