"""One call to central: over TLS with any clock, against any answer, and never without an end."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.envelope import Batch, BatchAnswer, EnrolmentPending, TimeAnswer
from common.protocol.feed_message import CentralKeyRecord
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryError, DeliveryRejected, TooLarge
from offline_store.delivery.connection.uplink import HttpUplink, HubDescription
from tests.kit.fake_central import FakeCentral, Fault, Reply, public_text, status
from tests.offline_store.certificates import Authority

Start = Callable[[FakeCentral], HttpUplink]
NOW = datetime.now(UTC)
FUTURE = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[FakeCentral, HttpUplink]]]:
    """Start a central, with the TLS given, and an uplink to it; both end with the test."""
    opened: list[FakeCentral | HttpUplink] = []

    def starting(
        authority: Authority | None = None,
        begins: datetime = NOW - timedelta(days=1),
        *,
        trusts: Authority | None = None,
        host: str = "localhost",
        trusted_now: Callable[[], datetime | None] = lambda: None,
    ) -> tuple[FakeCentral, HttpUplink]:
        central = FakeCentral(None if authority is None else authority.server(begins, host=host))
        key = Ed25519PrivateKey.generate()
        central.kiosks["kiosk-1"] = key.public_key()
        pinned = trusts or authority
        uplink = HttpUplink(
            central.url,
            kiosk="kiosk-1",
            key=key,
            signing_keys=lambda: central.keys,
            ca_file=None if pinned is None else pinned.file,
            trusted_now=trusted_now,
        )
        opened.extend((uplink, central))
        return central, uplink

    yield starting
    for one in opened:
        one.close()


def test_https_to_the_pinned_ca_works(start: Callable[..., tuple[FakeCentral, HttpUplink]], tmp_path: Path) -> None:
    _, uplink = start(Authority(tmp_path))
    assert uplink.feed(None).snapshot
    assert uplink.send(Batch([])).results == []
    asked_at = datetime.now(UTC)
    assert asked_at <= uplink.time() <= datetime.now(UTC)


def test_another_ca_or_another_name_is_refused_even_for_the_time(
    start: Callable[..., tuple[FakeCentral, HttpUplink]], tmp_path: Path
) -> None:
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    for central, uplink in (start(theirs, trusts=ours), start(ours, host="elsewhere.example")):
        for call in (uplink.time, lambda uplink=uplink: uplink.feed(None)):
            with pytest.raises(DeliveryDeferred) as caught:
                call()
            assert caught.value.code == "tls"
        assert central.calls == []


def test_time_comes_also_when_certificates_look_invalid_and_then_judges_them(
    start: Callable[..., tuple[FakeCentral, HttpUplink]], tmp_path: Path
) -> None:
    # To this machine the certificate begins in 2099: as to a kiosk that woke up in 1970.
    told: list[datetime] = []
    central, uplink = start(Authority(tmp_path), FUTURE, trusted_now=lambda: told[-1] if told else None)
    central.now = lambda: FUTURE + timedelta(days=3)
    with pytest.raises(DeliveryDeferred) as caught:
        uplink.feed(None)
    assert caught.value.code == "certificate-dates"
    assert central.calls == []  # nothing of ours went out
    told.append(uplink.time())
    assert told == [FUTURE + timedelta(days=3)]
    assert uplink.feed(None).snapshot
    assert uplink.send(Batch([])).results == []


@pytest.mark.parametrize("wrong", [FUTURE - timedelta(days=1), FUTURE + timedelta(days=31)])
def test_a_certificate_out_of_date_by_centrals_own_time_is_refused_before_a_byte_is_sent(
    start: Callable[..., tuple[FakeCentral, HttpUplink]], tmp_path: Path, wrong: datetime
) -> None:
    central, uplink = start(Authority(tmp_path), FUTURE, trusted_now=lambda: wrong)
    with pytest.raises(DeliveryDeferred):
        uplink.feed(None)
    assert central.calls == []


def test_a_time_that_answers_another_question_is_not_taken(
    start: Callable[..., tuple[FakeCentral, HttpUplink]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, uplink = start()
    for nonce, time in (("stale", "2026-11-25T09:00:00.000000Z"), (None, "yesterday"), (None, "2026-11-25T09:00:00")):

        def altered(asked: str, _: str, nonce: str | None = nonce, time: str = time) -> TimeAnswer:
            return TimeAnswer(nonce or asked, time)

        with monkeypatch.context() as patched:
            patched.setattr("tests.kit.fake_central.TimeAnswer", altered)
            with pytest.raises(DeliveryDeferred) as caught:
                uplink.time()
        assert caught.value.code == "unverified"


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (status(413), TooLarge, "too-large"),
        (status(401), DeliveryRejected, "unauthorised"),
        (status(403), DeliveryRejected, "unauthorised"),
        (status(400), DeliveryRejected, "refused"),
        (status(422), DeliveryRejected, "refused"),
        (status(404), DeliveryDeferred, "status-404"),
        (status(500), DeliveryDeferred, "status-500"),
        (status(307), DeliveryDeferred, "status-307"),
        (Fault(instead=Reply(0)), DeliveryDeferred, "network"),
        (Fault(instead=Reply(500, {}, b"[" * 9_999)), DeliveryDeferred, "status-500"),
        (Fault(instead=Reply(200, {}, b"[" * 200_000)), DeliveryDeferred, "unverified"),
        (Fault(instead=Reply(200, {}, b"x" * 2_000_000)), DeliveryDeferred, "network"),
        (Fault(reply=lambda reply: replace(reply, status=202)), DeliveryDeferred, "unverified"),
    ],
)
def test_each_answer_has_its_meaning(
    start: Callable[..., tuple[FakeCentral, HttpUplink]], fault: Fault, kind: type[DeliveryError], code: str
) -> None:
    central, uplink = start()
    central.faults.append(fault)
    with pytest.raises(kind) as caught:
        uplink.send(Batch([]))
    assert caught.value.code == code
    assert uplink.send(Batch([])).results == []  # and the next call is as good as ever


@pytest.mark.parametrize(
    ("said", "date", "seconds"),
    [
        ("7", None, 7.0),
        ("Wed, 25 Nov 2026 09:01:00 GMT", "Wed, 25 Nov 2026 09:00:00 GMT", 60.0),
        ("Wed, 25 Nov 2026 08:00:00 GMT", "Wed, 25 Nov 2026 09:00:00 GMT", 0.0),
        ("Wed, 25 Nov 2026 09:01:00 GMT", None, None),
        ("soon", None, None),
        ("1e9", None, None),
        ("-1", None, None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(
    start: Callable[..., tuple[FakeCentral, HttpUplink]], said: str, date: str | None, seconds: float | None
) -> None:
    central, uplink = start()
    headers = {"Retry-After": said} | ({} if date is None else {"Date": date})
    central.faults.append(Fault(instead=Reply(503, headers)))
    with pytest.raises(DeliveryDeferred) as caught:
        uplink.send(Batch([]))
    assert caught.value.retry_after_s == seconds


def test_an_answer_that_drips_has_an_end(
    start: Callable[..., tuple[FakeCentral, HttpUplink]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, uplink = start()
    monkeypatch.setattr("offline_store.delivery.connection.uplink.CALL_S", -1.0)
    monkeypatch.setattr("offline_store.delivery.connection.uplink.httpx2.Timeout", lambda *_, **__: 5.0)
    with pytest.raises(DeliveryDeferred) as caught:
        uplink.feed(None)
    assert caught.value.code == "too-slow"


def test_what_central_says_of_a_refusal_is_bounded_and_printable(
    start: Callable[..., tuple[FakeCentral, HttpUplink]],
) -> None:
    central, uplink = start()
    central.faults.append(status(400, detail="item\x1b[31m\n" + "9" * 5000))
    with pytest.raises(DeliveryRejected) as caught:
        uplink.send(Batch([]))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
    assert caught.value.problem == "status-400"


def test_no_name_server_and_no_listener_are_told_apart() -> None:
    key = Ed25519PrivateKey.generate()
    for url, code in (("http://127.0.0.1:1", "connection-refused"), ("http://localhost:1", "connection-refused")):
        uplink = HttpUplink(url, kiosk="k", key=key, signing_keys=dict)
        with pytest.raises(DeliveryDeferred) as caught:
            uplink.feed(None)
        assert caught.value.code == code
        uplink.close()


def test_a_name_that_is_not_found_is_called_so(tmp_path: Path) -> None:
    uplink = HttpUplink(
        "https://no-such-host.invalid",
        kiosk="k",
        key=Ed25519PrivateKey.generate(),
        signing_keys=dict,
        ca_file=Authority(tmp_path).file,
    )
    with pytest.raises(DeliveryDeferred) as caught:
        uplink.feed(None)
    assert caught.value.code == "dns"
    uplink.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://central.example", "http://127.0.0.1.example", "ftp://localhost", "central", "", "http://[::1",
        "http://127.0.0.1:99999", "http://127.0.0.1:0", "http://127.0.0.1:8080\n", "http://127.0.0.1:8080/é",
        "x" * 9999,
    ],
)  # fmt: skip
def test_anything_but_https_with_a_ca_or_http_to_this_machine_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^central's address .*https") as refused:
        HttpUplink(url, kiosk="k", key=Ed25519PrivateKey.generate(), signing_keys=dict)
    assert len(str(refused.value)) < 300


def test_a_hub_whose_address_nobody_has_confirmed_is_told_what_to_do(
    start: Callable[..., tuple[FakeCentral, HttpUplink]],
) -> None:
    central, uplink = start()
    keys = [CentralKeyRecord(central.kid, public_text(central.key))]
    central.pending = EnrolmentPending("https://hub.centre.example", keys)
    with pytest.raises(DeliveryDeferred, match="administrator has to confirm the address https://hub") as caught:
        uplink.enrol("CODE", HubDescription("https://hub.centre.example"))
    assert caught.value.code == "address-unconfirmed"
    central.pending = None
    assert uplink.enrol("CODE", HubDescription("https://hub.centre.example")).digit == 1


def open_clients() -> set[int]:
    return {id(one) for one in gc.get_objects() if isinstance(one, httpx2.Client) and not one.is_closed}


def test_a_call_that_outlasts_its_uplink_leaves_no_connection(
    start: Callable[..., tuple[FakeCentral, HttpUplink]],
) -> None:
    central, uplink = start()
    before = open_clients()
    assert uplink.feed(None).snapshot
    assert len(open_clients() - before) == 1, "one that the next call uses"

    def ends(answer: BatchAnswer) -> BatchAnswer:
        uplink.end()
        return answer

    central.faults.append(Fault(answer=ends))
    assert uplink.send(Batch([])).results == []
    assert open_clients() <= before
