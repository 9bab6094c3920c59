"""A kiosk becomes who it is, once; and stays so through lost answers, power cuts, re-imaging and another machine."""

import contextlib
import stat
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import msgspec
import pytest
from argon2 import PasswordHasher

from common.machine import secret_hash
from common.machine.errors import NotEnrolled, PlainError
from common.machine.records.record import copy_of
from kiosk.delivery import enrolment
from kiosk.delivery.enrolment import enrol, load, signing_key
from kiosk.delivery.forwarding import health_report, needs_of, open_forwarder
from kiosk.settings.sections import CentralSection, KioskConfig, KioskSection
from offline_store.chain.audit import record
from offline_store.delivery.connection.delivery_error import DeliveryDeferred
from offline_store.delivery.connection.uplinks import time_by_central
from offline_store.delivery.outbox import list_items
from offline_store.opening import open_store_in
from tests.kit.clock import HandClock
from tests.kit.fake_central import DROPPED, PORTAL, FakeCentral, Fault, Reply, status

HERE, THERE = "a" * 64, "b" * 64


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash the first PIN at once: what the real one costs is meant for anyone who guesses, not for each test."""
    monkeypatch.setattr(secret_hash, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def _enrol(
    data_dir: Path, central: FakeCentral, *, machine: str | None = HERE, centre: str = "homs-main"
) -> enrolment.Enrolled:
    return enrol(data_dir, url=central.url, code="CODE", centre=centre, clock=HandClock(), machine=machine)


def test_enrolment_leaves_an_identity_a_key_a_pin_hash_and_a_trusted_clock(
    tmp_path: Path, central: FakeCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secret_hash, "_hasher", PasswordHasher())
    data = tmp_path / "var"
    said = _enrol(data, central)
    assert (said.kiosk, said.centre, said.digit) == ("kiosk-1", "homs-main", 1)
    assert len(said.pin) == 8
    assert said.pin.isdigit()
    found = load(data)
    assert PasswordHasher().verify(found.first_pin_hash, said.pin)
    assert not PasswordHasher().check_needs_rehash(found.first_pin_hash), "it costs what argon2-cffi recommends"
    assert found.first_pin_hash.startswith("$argon2id$")
    key = signing_key(data, "kiosk-1")
    assert key is not None
    assert key.public_key().public_bytes_raw() == central.kiosks["kiosk-1"].public_bytes_raw()
    for name in ("enrolment.json", "keys/kiosk-1.key"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "keys").stat().st_mode) == 0o700
    for path in data.rglob("*"):
        assert not path.is_file() or said.pin.encode() not in path.read_bytes()
    with open_store_in(data, found.identity, stamp=HandClock().now(), machine=HERE) as store:
        trusted = store.trusted_time()
        assert trusted is not None
        assert abs((trusted.anchor - central.now()).total_seconds()) < 60


@pytest.mark.parametrize("call", ["enrolments", "time"])
@pytest.mark.parametrize("fault", [Fault(reply=lambda _: DROPPED), Fault(instead=PORTAL)], ids=["lost", "portal"])
def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    tmp_path: Path, central: FakeCentral, call: str, fault: Fault
) -> None:
    central.every[call] = fault
    with pytest.raises(DeliveryDeferred):
        _enrol(tmp_path, central)
    with pytest.raises(NotEnrolled, match="not enrolled"):
        load(tmp_path)
    central.every.clear()
    assert _enrol(tmp_path, central).kiosk == "kiosk-1"
    assert len(central.kiosks) == 1


def test_enrolling_again_on_the_same_machine_keeps_the_kiosk_and_gives_a_new_pin(
    tmp_path: Path, central: FakeCentral
) -> None:
    first, second = _enrol(tmp_path, central), _enrol(tmp_path, central)
    assert first.kiosk == second.kiosk
    assert first.pin != second.pin
    assert len(central.kiosks) == 1


def test_a_disk_in_another_machine_becomes_another_kiosk_and_keeps_the_former_key(
    tmp_path: Path, central: FakeCentral
) -> None:
    _enrol(tmp_path, central)
    second = _enrol(tmp_path, central, machine=THERE)
    assert (second.kiosk, second.digit) == ("kiosk-2", 2)
    for kiosk in ("kiosk-1", "kiosk-2"):
        key = signing_key(tmp_path, kiosk)
        assert key is not None
        assert key.public_key().public_bytes_raw() == central.kiosks[kiosk].public_bytes_raw()
    assert signing_key(tmp_path, "kiosk-3") is None


def test_a_kiosk_that_was_revoked_enrols_with_a_new_key(tmp_path: Path, central: FakeCentral) -> None:
    _enrol(tmp_path, central)
    respond = central.respond
    refusals = iter([Reply(409, {}, b'{"type":"/problems/key-revoked","detail":"revoked"}')])

    def revoked_once(method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        refusal = next(refusals, None) if target.endswith("enrolments") else None
        return refusal or respond(method, target, headers, body)

    central.respond = revoked_once  # type: ignore[method-assign]
    assert _enrol(tmp_path, central).kiosk == "kiosk-2"


def test_a_refused_code_says_centrals_own_words(tmp_path: Path, central: FakeCentral) -> None:
    central.every["enrolments"] = status(422, detail="this enrolment code is not known")
    with pytest.raises(PlainError, match="this enrolment code is not known"):
        _enrol(tmp_path, central)


def test_a_code_for_another_centre_changes_nothing_here(tmp_path: Path, central: FakeCentral) -> None:
    with pytest.raises(PlainError, match=r'"homs-main".*"homs-new"'):
        _enrol(tmp_path, central, centre="homs-new")
    with pytest.raises(NotEnrolled):
        load(tmp_path)
    assert _enrol(tmp_path, central).kiosk == "kiosk-1"  # the same code serves once the settings are right


@pytest.mark.parametrize("code", ["", "ABCD\n", "كود", "A" * 65])
def test_what_can_be_no_code_is_said_to_be_none_before_anything_is_made(
    tmp_path: Path, central: FakeCentral, code: str
) -> None:
    with pytest.raises(PlainError, match="16 letters and digits"):
        enrol(tmp_path / "var", url=central.url, code=code, centre="homs-main", clock=HandClock())
    assert not (tmp_path / "var").exists()


def test_an_identity_that_may_not_be_read_is_none_that_is_lost(tmp_path: Path) -> None:
    (tmp_path / "enrolment.json").mkdir()
    with pytest.raises(PlainError, match=r"cannot be read: Is a directory$") as refused:
        load(tmp_path)
    assert not isinstance(refused.value, NotEnrolled), "enrolling again would mend nothing"


def test_an_id_that_leads_out_of_the_folder_is_refused(tmp_path: Path, central: FakeCentral) -> None:
    real = central.enrol
    central.enrol = lambda key: msgspec.structs.replace(real(key), kiosk="../../x")  # type: ignore[method-assign]
    with pytest.raises(DeliveryDeferred):
        _enrol(tmp_path, central)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"kiosk": 4}'])
def test_a_damaged_enrolment_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "enrolment.json").write_bytes(content)
    with pytest.raises(NotEnrolled, match="kiosk enrol"):
        load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"torn", bytes(33)])
@pytest.mark.parametrize("name", ["keys/kiosk-1.key", "keys/pending.key"])
def test_a_damaged_key_is_mended_by_enrolling_again(
    tmp_path: Path, central: FakeCentral, name: str, content: bytes
) -> None:
    _enrol(tmp_path, central)
    for path in (tmp_path / name, copy_of(tmp_path / name)):
        path.write_bytes(content)
    said = _enrol(tmp_path, central, machine=HERE if name == "keys/kiosk-1.key" else THERE)
    assert said.kiosk == "kiosk-2"
    key = signing_key(tmp_path, "kiosk-2")
    assert key is not None
    assert key.public_key().public_bytes_raw() == central.kiosks["kiosk-2"].public_bytes_raw()


def test_a_damaged_enrolment_costs_no_former_key(tmp_path: Path, central: FakeCentral) -> None:
    _enrol(tmp_path, central)
    for path in (tmp_path / "enrolment.json", copy_of(tmp_path / "enrolment.json")):
        path.write_bytes(b"{")
    assert _enrol(tmp_path, central).kiosk == "kiosk-2"
    former = signing_key(tmp_path, "kiosk-1")
    assert former is not None, "what kiosk-1 recorded could never be delivered"
    assert former.public_key().public_bytes_raw() == central.kiosks["kiosk-1"].public_bytes_raw()


@pytest.mark.parametrize("step", range(7))
def test_a_power_cut_at_any_step_leaves_one_whole_identity(
    tmp_path: Path, central: FakeCentral, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    _enrol(tmp_path, central)
    steps = iter(range(100))
    replace = Path.replace

    def cut(self: Path, target: Path) -> Path:
        if next(steps) == step:
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", cut)
        with contextlib.suppress(KeyboardInterrupt):
            _enrol(tmp_path, central, machine=THERE)
    found = load(tmp_path)
    key = signing_key(tmp_path, found.kiosk)
    assert key is not None
    assert key.public_key().public_bytes_raw() == central.kiosks[found.kiosk].public_bytes_raw()
    (tmp_path / "keys" / "pending.key.new").write_bytes(b"torn")
    assert _enrol(tmp_path, central, machine=THERE).kiosk == "kiosk-2"
    assert list((tmp_path / "keys").glob("pending*")) == []


def test_the_forwarder_of_an_enrolled_kiosk_delivers_both_identities(tmp_path: Path, central: FakeCentral) -> None:
    config = KioskConfig(
        kiosk=KioskSection(centre="homs-main", data_dir=str(tmp_path)), central=CentralSection(url=central.url)
    )
    clock = HandClock()
    _enrol(tmp_path, central)
    with open_store_in(tmp_path, load(tmp_path).identity, stamp=clock.now(), machine=HERE) as store:
        record(store, "before", clock.now())
    _enrol(tmp_path, central, machine=THERE)
    (tmp_path / "health.json").write_text('{"printer":"Online"}')
    with (
        open_store_in(tmp_path, load(tmp_path).identity, stamp=clock.now(), machine=THERE) as store,
        open_forwarder(config, store, clock) as forwarder,
    ):
        record(store, "after", clock.now())
        forwarder.run_once()
        assert {row.state for row in list_items(store, include_acknowledged=True)} == {"acknowledged"}
    assert central.health == [{"printer": "Online"}]


def test_the_health_report_is_read_again_on_change_only(tmp_path: Path) -> None:
    read = health_report(tmp_path)
    assert read() == {"version": version("homs-kiosk")}, "so that central tells what this version knows"
    (tmp_path / "health.json").write_text('{"a":1}')
    assert read() == {"a": 1}
    for torn in ("{", "[" * 60_000):
        (tmp_path / "health.json").write_text(torn)
        assert read() == {"a": 1}
    (tmp_path / "new").write_text('{"a":2}')
    (tmp_path / "new").replace(tmp_path / "health.json")
    assert read() == {"a": 2}


def test_centrals_time_counts_in_the_boot_it_was_given(tmp_path: Path, central: FakeCentral) -> None:
    _enrol(tmp_path, central)
    clock = HandClock()
    with open_store_in(tmp_path, load(tmp_path).identity, stamp=clock.now(), machine=HERE) as store:
        given = time_by_central(store, clock)
        assert given is not None
        clock.pass_time(minutes=3)
        clock.wall += timedelta(days=400)  # the wall clock is not asked
        assert time_by_central(store, clock) == given + timedelta(minutes=3)
        clock.restart()
        assert time_by_central(store, clock) is None


@pytest.mark.parametrize(
    ("report", "needs"),
    [
        ({}, []),
        ({"paper": "Full", "devices": {"printer": "Online"}, "power": "mains"}, []),
        ({"paper": "Out"}, ["paper-out"]),
        ({"paper": "Jammed"}, ["printer-cutter"]),
        ({"paper": "Out", "devices": {"printer": "HardwareError"}}, ["paper-out", "printer-cutter"]),
        ({"devices": "odd", "power": "battery"}, ["on-battery"]),
    ],
)
def test_the_hub_is_told_what_the_kiosk_needs_somebody_for(report: dict[str, object], needs: list[str]) -> None:
    assert needs_of(report) == needs
