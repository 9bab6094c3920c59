"""What the hub's doctor makes of disk, power, clock, certificate, other hubs and central, at each bound."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest

from common.machine.doctor.finding import Finding
from common.protocol.feed_message import HubRecord
from hub.delivery.enrolment import KEYS
from hub.doctor import examination
from hub.engine.act import FOLLOWING, LEADING
from hub.takeover.peers import PeerSilent
from offline_store.delivery.connection.delivery_error import DeliveryError
from tests.kit.clock import HandClock

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def word(finding: Finding) -> tuple[str, str]:
    return finding.check, finding.verdict.value


@pytest.mark.parametrize(
    ("free", "verdict"),
    [(10**9, "ok"), (10**9 - 8, "warning"), (2 * 10**8, "warning"), (2 * 10**8 - 8, "problem")],
)
def test_room_is_judged_at_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: str) -> None:
    monkeypatch.setattr("hub.doctor.examination.os.statvfs", lambda _: SimpleNamespace(f_bavail=free // 8, f_frsize=8))
    keys, room = examination._check_disk(tmp_path)
    assert (word(keys), word(room)) == (("keys", "ok"), ("free disk", verdict))
    assert room.found == f"{free / 1e9:.1f} GB free"


@pytest.mark.parametrize(("mode", "verdict"), [(0o600, "ok"), (0o640, "problem"), (0o601, "problem")])
def test_keys_are_the_hub_s_user_s_alone(tmp_path: Path, mode: int, verdict: str) -> None:
    (tmp_path / KEYS).mkdir()
    for name in (f"{KEYS}/a.key", "enrolment.json"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    found = next(examination._check_disk(tmp_path))
    assert word(found) == ("keys", verdict)
    assert verdict == "ok" or "a.key, enrolment.json" in found.found
    (missing,) = examination._check_disk(tmp_path / "none")
    assert word(missing) == ("data folder", "problem")


@pytest.mark.parametrize(("on_battery", "verdict"), [(True, "warning"), (False, "ok")])
def test_on_battery_is_a_warning(monkeypatch: pytest.MonkeyPatch, on_battery: bool, verdict: str) -> None:
    monkeypatch.setattr(examination, "is_on_battery", lambda: on_battery)
    assert word(examination._check_power()) == ("power", verdict)


@pytest.mark.parametrize(("trust", "verdict"), [("synced", "ok"), ("restored", "warning"), ("unknown", "problem")])
def test_the_clock_is_judged_by_how_far_it_is_trusted(trust: Any, verdict: str) -> None:
    found = examination._check_clock(cast("Any", SimpleNamespace(clock=HandClock(NOW, trust))))
    assert (word(found), found.found) == (("clock", verdict), f"2026-11-25 09:00:00 UTC, {trust}")


@pytest.mark.parametrize(
    ("signed", "left", "verdict"),
    [
        (True, timedelta(days=31), "ok"),
        (True, timedelta(days=29), "warning"),
        (True, timedelta(hours=1), "warning"),
        (True, timedelta(hours=-1), "problem"),
        (False, timedelta(days=31), "warning"),
    ],
)
def test_a_certificate_is_renewed_a_month_before_its_end(
    monkeypatch: pytest.MonkeyPatch, signed: bool, left: timedelta, verdict: str
) -> None:
    own = SimpleNamespace(ends_at=datetime.now(UTC) + left, sha256="ab" * 32, is_signed=signed)
    monkeypatch.setattr(examination, "own_certificate", lambda _: own)
    found = examination._certificate(cast("Any", None))
    assert word(found) == ("certificate", verdict)
    assert f"{'ab' * 8}…" in found.found


@pytest.mark.parametrize(
    ("tpm", "pepper", "verdict"), [(False, None, "skipped"), (True, None, "warning"), (True, b"x", "ok")]
)
def test_pins_are_told_by_tpm_and_pepper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tpm: bool, pepper: bytes | None, verdict: str
) -> None:
    monkeypatch.setattr(examination, "_TPM", tmp_path if tpm else tmp_path / "none")
    monkeypatch.setattr(examination, "machine_pepper", lambda: pepper)
    assert word(examination._check_pins()) == ("pins", verdict)


class Peer:
    """Says what its record's id asks for."""

    closed: ClassVar[list[str]] = []

    def __init__(self, record: HubRecord, own: str, key: object) -> None:
        assert (own, key) == ("hub-1", "key")
        self.id = record.id

    def statement(self) -> SimpleNamespace:
        if self.id == "silent":
            raise PeerSilent("silent is away")
        return SimpleNamespace(leading=self.id == "leads", term=4)

    def close(self) -> None:
        self.closed.append(self.id)


def others(monkeypatch: pytest.MonkeyPatch, role: str, *ids: str, key: str | None = "key") -> list[Any]:
    monkeypatch.setattr(examination, "Peer", Peer)
    monkeypatch.setattr(examination, "signing_key", lambda *_: key)
    Peer.closed = []
    hubs = {one: HubRecord(one, "http://a", "k", revoked=one == "revoked") for one in ids}
    look = SimpleNamespace(centre=SimpleNamespace(hubs=hubs), role=role, term=4, hub_id="hub-1")
    hub, config = SimpleNamespace(read=lambda: nullcontext(look)), SimpleNamespace(data_dir=Path("none"))
    found = examination._check_others(cast("Any", SimpleNamespace(hub=hub, config=config)))
    return [(*word(one), one.found) for one in found]


def test_each_other_hub_is_asked_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    found = others(monkeypatch, FOLLOWING, "hub-1", "leads", "silent", "follows", "revoked")
    assert found == [
        ("role", "ok", f"{FOLLOWING}, term 4"),
        ("other hub", "ok", "leads leads, term 4"),
        ("other hub", "warning", "silent is away"),
        ("other hub", "ok", "follows follows, term 4"),
    ]
    assert Peer.closed == ["leads", "silent", "follows"]


def test_a_leader_without_a_second_hub_is_warned_and_without_a_key_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert [one[:2] for one in others(monkeypatch, LEADING, "hub-1", "revoked")] == [
        ("role", "ok"), ("standby", "warning"),
    ]  # fmt: skip
    assert [one[:2] for one in others(monkeypatch, FOLLOWING, "hub-1")] == [("role", "ok")]
    assert [one[:2] for one in others(monkeypatch, LEADING, "leads", key=None)] == [("role", "ok")]
    assert Peer.closed == []


@pytest.mark.parametrize(("fails", "verdict"), [(True, "warning"), (False, "ok")])
def test_central_is_asked_and_let_go(monkeypatch: pytest.MonkeyPatch, fails: bool, verdict: str) -> None:
    closed: list[bool] = []

    def time() -> datetime:
        if fails:
            raise DeliveryError("timeout", "away")
        return NOW

    uplink = SimpleNamespace(time=time, close=lambda: closed.append(True))
    monkeypatch.setattr(examination, "HttpUplink", lambda *_, **__: uplink)
    monkeypatch.setattr(examination, "signing_key", lambda *_: "key")
    store = SimpleNamespace(identity=SimpleNamespace(kiosk="hub-1"))
    config = SimpleNamespace(central=SimpleNamespace(url="http://c"), data_dir=Path("none"), ca_file=None)
    parts = cast("Any", SimpleNamespace(hub=SimpleNamespace(store=store), config=config))
    (found,) = examination._check_central(parts)
    told = "http://c: away" if fails else "http://c answered, signed, 2026-11-25 09:00:00 UTC"
    assert (word(found), found.found, closed) == (("central", verdict), told, [True])
    monkeypatch.setattr(examination, "signing_key", lambda *_: None)
    assert list(examination._check_central(parts)) == []
