import contextlib
import json
from pathlib import Path

import pytest

from offline_store.updates import read_update
from tests.updater.machine import Machine
from updater import command, durable, service
from updater.errors import NotTaken, Refused
from updater.packages import Repository

NOW = "2026-11-26T02:00:00+00:00"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def _night(machine: Machine, told: object) -> None:
    (machine.root / "wanted").write_text(json.dumps(told))
    with machine.updater.alone():
        machine.updater.nightly(Repository(machine.site, "file:/r"), now=NOW)


def _result(machine: Machine) -> dict[str, str]:
    found: dict[str, str] = json.loads((machine.root / "state/result.json").read_text())
    return found


def test_the_version_that_central_wants_is_installed_when_it_is_time(machine: Machine) -> None:
    machine.offer("1.1.0")
    machine.offer("1.2.0")
    _night(machine, {"version": "1.1.0", "due": False})
    assert machine.current == "1.0.0"
    _night(machine, {"version": "1.1.0", "due": True})
    assert machine.current == "1.1.0"
    assert _result(machine) == {"version": "1.1.0", "outcome": "installed", "at": NOW, "why": ""}


@pytest.mark.parametrize("is_guest", [False, True], ids=["own-machine", "kiosk's-machine"])
def test_a_hub_takes_what_central_wants_and_leaves_debians_to_the_kiosk_whose_machine_it_is(
    tmp_path: Path, is_guest: bool
) -> None:
    hub = Machine(tmp_path, "hub")
    hub.offer("1.1.0")
    (hub.root / "debian").write_text("libc6")
    (hub.root / "wanted").write_text(json.dumps({"version": "1.1.0", "due": True}))
    if is_guest:
        (hub.root / "kiosk").mkdir()
        (hub.root / "kiosk/packages.url").write_text("https://packages.example")
    with hub.updater.alone():
        command._night(hub.site, hub.updater, Repository(hub.site, "file:/r"), NOW)
    assert (hub.current, _result(hub)["outcome"]) == ("1.1.0", "installed")
    assert any(line.endswith(" upgrade") for line in hub.calls) is not is_guest


@pytest.mark.parametrize("fault", ["breaks", "dark"])
def test_a_version_that_failed_is_told_of_and_not_tried_every_night(machine: Machine, fault: str) -> None:
    machine.offer("1.1.0", fault)
    with pytest.raises(NotTaken):
        _night(machine, {"version": "1.1.0", "due": True})
    assert (machine.current, _result(machine)["outcome"]) == ("1.0.0", "failed")
    tried = len(machine.calls)
    _night(machine, {"version": "1.1.0", "due": True})
    assert not [line for line in machine.calls[tried:] if "install" in line]


@pytest.mark.parametrize("comes_up", [True, False])
def test_until_it_has_come_up_what_is_told_to_central_says_that_it_is_on_trial(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, comes_up: bool
) -> None:
    path, told = machine.root / "state/result.json", list[dict[str, str]]()

    def looked(_site: object) -> bool:
        told.append(read_update(path))
        return comes_up

    monkeypatch.setattr(service, "comes_up", looked)
    machine.offer("1.1.0")
    with contextlib.suppress(NotTaken):
        _night(machine, {"version": "1.1.0", "due": True})
    assert told == [{"trial": "1.1.0"}]
    assert "trial" not in read_update(path)


def test_an_update_that_was_stopped_in_its_trial_is_ended_in_the_next_night(machine: Machine) -> None:
    machine.offer("1.1.0")
    Repository(machine.site, "file:/r").install("1.1.0")
    durable.write(machine.root / "state/trial", "1.1.0 1.0.0")
    durable.point(machine.root / "opt/current", machine.root / "opt/releases/1.1.0")
    _night(machine, {"version": "1.1.0", "due": True})
    assert machine.current == "1.1.0"
    assert not (machine.root / "state/trial").exists()


@pytest.mark.parametrize("kept", [b"", b"{", b"[]", b"null", b'"failed"', b"\xff\xfe", b'{"version": "1.1.0"}'])
def test_a_note_of_the_last_time_that_says_nothing_keeps_no_version_away(machine: Machine, kept: bytes) -> None:
    machine.offer("1.1.0")
    (machine.root / "state/result.json").write_bytes(kept)
    _night(machine, {"version": "1.1.0", "due": True})
    assert (machine.current, _result(machine)["outcome"]) == ("1.1.0", "installed")


def test_without_mains_or_a_line_it_waits_for_another_night(machine: Machine) -> None:
    machine.offer("1.1.0")
    upsc = machine.root / "bin/upsc"
    upsc.write_text('#!/bin/sh\n[ "$1" = -l ] && echo ups || echo "OB DISCHRG"\n')
    upsc.chmod(0o755)
    with pytest.raises(Refused, match="mains are away"):
        _night(machine, {"version": "1.1.0", "due": True})
    upsc.write_text('#!/bin/sh\n[ "$1" = -l ] && echo ups || echo "OL CHRG"\n')
    (machine.root / "unsigned").touch()
    with pytest.raises(Refused, match="isn't signed"):
        _night(machine, {"version": "1.1.0", "due": True})
    assert _result(machine)["outcome"] == "waiting"
    (machine.root / "unsigned").unlink()
    _night(machine, {"version": "1.1.0", "due": True})
    assert machine.current == "1.1.0"


@pytest.mark.parametrize(
    "told", [{"version": "--back", "due": True}, {"version": None, "due": True}, [], "x", {"due": 1}]
)
def test_a_kiosk_that_says_nonsense_gets_nothing_done(machine: Machine, told: object) -> None:
    machine.offer("1.1.0")
    try:
        _night(machine, told)
    except Refused as refused:
        assert "doesn't say" in str(refused)  # noqa: PT017
    assert machine.current == "1.0.0"


def test_an_older_version_is_not_taken_by_central_either(machine: Machine) -> None:
    machine.offer("0.9.0")
    with pytest.raises(Refused, match="older than"):
        _night(machine, {"version": "0.9.0", "due": True})
