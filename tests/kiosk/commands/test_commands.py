"""What the kiosk's commands print, in words and in JSON, over parts that a test has made."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from common.machine.doctor.finding import ok, problem, warning
from common.machine.errors import CannotBeDone
from kiosk import logs
from kiosk.commands import cli as root
from kiosk.commands import outbox
from tests.kit.carrying import Carrying

SETTINGS = SimpleNamespace(default_language="ar", data_dir=Path("none"))


@pytest.fixture(autouse=True)
def _opened(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def open_store(_settings: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(store="store", clock=SimpleNamespace(now=lambda: "now"))

    for module in (root, outbox):
        monkeypatch.setattr(module, "open_store", open_store)
        monkeypatch.setattr(module, "load", lambda _: SETTINGS)


def run(*words: str) -> str:
    done = CliRunner().invoke(root.cli, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def rows(*words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(*words).splitlines()]


def test_the_doctor_prints_each_finding_and_counts_what_must_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = [ok("disk", "well"), warning("clock", "late", "wait")]
    monkeypatch.setattr("kiosk.doctor.examine", lambda *_: iter(fine))
    assert run("doctor") == "".join(f"{one.line}\n" for one in fine)
    assert rows("doctor", "--json") == [one.as_dict() for one in fine]
    bad = [problem("a", "b", "c"), *fine, problem("d", "e", "f")]
    monkeypatch.setattr("kiosk.doctor.examine", lambda *_: iter(bad))
    with pytest.raises(CannotBeDone, match=r"^2 of these must be mended"):
        run("doctor")


def test_devices_are_told_without_what_nobody_knows_and_followed_only_on_demand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = {"device": "printer", "state": "Online", "detail": "", "paper": None, "strays": 0}
    asked: list[object] = []

    def device_rows(_config: object, *, stop: object) -> Iterator[dict[str, Any]]:
        asked.append(stop)
        yield row

    monkeypatch.setattr("kiosk.commands.device_listing.device_rows", device_rows)
    monkeypatch.setattr(root, "told_to_stop", lambda: "stop")
    assert run("devices") == "device=printer state=Online strays=0\n"
    assert rows("devices", "--watch", "--json") == [row]
    assert asked == [None, "stop"]


def test_technicians_are_listed_and_unlocked_first_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    did: list[object] = []

    def known(_store: object) -> list[SimpleNamespace]:
        did.append("known")
        return [SimpleNamespace(id="samer", name="Samer", role="manager", pin_hash="secret")]

    monkeypatch.setattr("kiosk.maintenance.pin.unlock", lambda *given: did.append(given))
    monkeypatch.setattr("kiosk.maintenance.pin.known", known)
    line = {"id": "samer", "name": "Samer", "role": "manager"}
    assert rows("technicians") == rows("technicians", "--unlock", "--json") == [line]
    assert did == ["known", ("store", "now"), "known"]


@pytest.mark.parametrize(("dead", "tail"), [([], ""), (["x"], "; 1 are refused, see `kiosk outbox dead`")])
def test_what_waits_goes_out_once_or_until_told_to_stop(
    monkeypatch: pytest.MonkeyPatch, dead: list[str], tail: str
) -> None:
    forwarder, carrier, beside = Carrying(3), Carrying(), list[str]()

    @contextmanager
    def noted(name: object, *_: object) -> Iterator[None]:
        beside.append(str(name))
        yield

    monkeypatch.setattr("kiosk.delivery.forwarding.open_forwarder", lambda *_: forwarder)
    monkeypatch.setattr("kiosk.delivery.forwarding.open_carrier", lambda *_: carrier)
    monkeypatch.setattr("kiosk.delivery.forwarding.hubs_told", lambda *_: noted("hubs"))
    monkeypatch.setattr("offline_store.beside.beside", noted)
    monkeypatch.setattr("offline_store.delivery.outbox.dead_items", lambda _: dead)
    monkeypatch.setattr("common.machine.systemd.Watchdog.ready", lambda _: beside.append("ready"))
    monkeypatch.setattr(root, "told_to_stop", lambda: "stop")
    monkeypatch.setattr(logs, "configure", lambda *given: beside.append(given[0]))
    assert run("forward", "--once") == f"nothing waits; 3 items went out{tail}\n"
    assert rows("forward", "--once", "--json") == [{"delivered": 3, "refused": len(dead)}]
    assert (forwarder.ran, carrier.ran, beside) == (["once"] * 2, ["once"] * 2, [])
    assert run("forward") == ""
    assert (forwarder.ran[2:], carrier.ran[2:]) == (["stop"], [])
    assert beside == ["forward", "ready", "hubs", "inquiries", "diagnosis"]


def test_a_sample_is_printed_or_written_in_a_language_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[tuple[str, str]] = []

    def print_sample(_settings: object, paper: str, language: str) -> dict[str, Any]:
        printed.append((paper, language))
        return {"print": "printed", "mm": 90}

    monkeypatch.setattr("kiosk.commands.sample.print_sample", print_sample)
    monkeypatch.setattr("kiosk.commands.sample.write_sample", lambda *given, stored: {"bytes": 5, "stored": stored})
    assert run("sample", "ticket") == "print: printed, mm: 90\n"
    assert rows("sample", "order", "--language", "en", "--json") == [{"print": "printed", "mm": 90}]
    assert printed == [("ticket", "ar"), ("order", "en")]
    assert rows("sample", "ticket", "--raw", "f", "--json") == [{"bytes": 5, "stored": False}]
    assert rows("sample", "ticket", "--raw", "f", "--stored", "--json") == [{"bytes": 5, "stored": True}]
    for words in (("--stored",), ("--language", "xx")):
        assert CliRunner().invoke(root.cli, ["sample", "ticket", *words]).exit_code == 2


def item(**changed: Any) -> SimpleNamespace:
    known = {"id": "i1", "seq": 1, "kind": "ticket", "state": "waiting", "number": "A1001",
             "business_day": "2026-11-25", "reason": None}  # fmt: skip
    return SimpleNamespace(**(known | changed))


def test_items_are_listed_with_a_ticket_s_number_and_why_they_were_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def list_items(_store: object, *, include_acknowledged: bool) -> list[SimpleNamespace]:
        asked.append(include_acknowledged)
        return [item(), item(kind="order", id="i2", seq=2)]

    dead = item(state="dead", reason="bad-hash")
    monkeypatch.setattr("offline_store.delivery.outbox.list_items", list_items)
    monkeypatch.setattr("offline_store.delivery.outbox.dead_items", lambda _: [dead])
    ticket = {"id": "i1", "seq": 1, "kind": "ticket", "state": "waiting", "number": "A1001",
              "business_day": "2026-11-25"}  # fmt: skip
    listed = [ticket, {"id": "i2", "seq": 2, "kind": "order", "state": "waiting"}]
    assert rows("outbox", "list") == rows("outbox", "list", "--all", "--json") == listed
    assert asked == [False, True]
    assert rows("outbox", "dead") == [ticket | {"state": "dead", "reason": "bad-hash"}]


def test_items_go_out_once_more_or_on_a_stick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    did: list[Any] = []
    monkeypatch.setattr("offline_store.delivery.outbox.retry", lambda *given: did.append(given))
    monkeypatch.setattr("offline_store.delivery.resend.resend_since", lambda _, since: 40 if since is None else since)
    monkeypatch.setattr(
        "offline_store.delivery.export.export_backlog", lambda _, folder, _key, _now: (folder / "f.jsonl", 3)
    )
    assert run("outbox", "retry", "i1") == "i1 waits again\n"
    assert rows("outbox", "retry", "i1", "--json") == [{"id": "i1", "state": "waiting"}]
    assert did == [("store", "i1")] * 2
    assert (rows("outbox", "resend"), rows("outbox", "resend", "--since", "1")) == ([{"resent": 40}], [{"resent": 1}])
    assert CliRunner().invoke(root.cli, ["outbox", "resend", "--since", "0"]).exit_code == 2
    file = tmp_path / "f.jsonl"
    assert run("outbox", "export", str(tmp_path)) == f"3 items are in {file}\n"
    assert rows("outbox", "export", str(tmp_path), "--json") == [{"file": str(file), "items": 3}]
    with pytest.raises(CannotBeDone, match="there is no such folder"):
        run("outbox", "export", str(tmp_path / "none"))


def test_the_waiting_list_is_printed_only_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[Any] = []
    number = SimpleNamespace(_asdict=lambda: {"number": "A1001"})
    monkeypatch.setattr("offline_store.queue.waiting.waiting_list", lambda _: [number])
    monkeypatch.setattr("kiosk.commands.waiting.print_waiting_list", lambda *given: printed.append(given))
    assert rows("waiting-list") == [{"number": "A1001"}]
    assert printed == []
    assert rows("waiting-list", "--print", "--json") == [{"number": "A1001"}]
    assert printed == [(SETTINGS, "store", [number], "now", None)]


def test_the_whole_halls_list_begins_with_what_it_is_as_of(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[Any] = []
    number = SimpleNamespace(_asdict=lambda: {"number": "A1001"})
    as_of = {"hub": "hub-1", "life": "its-life", "seq": 9, "at": None}
    said = SimpleNamespace(as_of=as_of, as_of_time="", numbers=[number])
    monkeypatch.setattr("offline_store.queue.waiting.hall_list", lambda *_: said)
    monkeypatch.setattr("kiosk.commands.waiting.print_waiting_list", lambda *given: printed.append(given))
    assert rows("waiting-list", "--all", "--print") == [{"as_of": as_of}, {"number": "A1001"}]
    assert printed == [(SETTINGS, "store", [number], "now", "")]
