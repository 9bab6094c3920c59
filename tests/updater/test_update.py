import os
from pathlib import Path

import pytest

from tests.updater.machine import Machine
from updater.errors import Refused


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_new_version_stands_beside_the_old_and_one_command_goes_back(machine: Machine) -> None:
    machine.offer("1.1.0", "warns")
    machine.update()
    assert (machine.current, machine.versions, machine.serves) == ("1.1.0", {"1.0.0", "1.1.0"}, True)
    assert "warning  tiles: one is unknown → mend it" in machine.said  # told, and keeps no version out
    assert not [line for line in machine.said if "no paper" in line], "the version in service says that already"
    machine.accept_one()
    machine.back()
    assert (machine.current, machine.head, machine.serves) == ("1.0.0", (8, 1), True)


def test_the_last_two_versions_are_kept(machine: Machine) -> None:
    for version in ("1.1.0", "1.2.0", "1.10.0"):
        machine.offer(version)
        machine.update()
    assert (machine.current, machine.versions) == ("1.10.0", {"1.2.0", "1.10.0"})


def test_a_version_that_its_doctor_refuses_never_touched_the_store(machine: Machine) -> None:
    machine.offer("1.1.0", "breaks", "migrates")
    with pytest.raises(Refused, match="doctor found a problem"):
        machine.update()
    assert (machine.current, machine.head, machine.versions) == ("1.0.0", (7, 1), {"1.0.0"})
    assert not [line for line in machine.calls if line.startswith("systemctl stop")], "citizens waited for a rehearsal"
    assert not (machine.root / "var/update/rehearsal").exists()
    assert machine.calls[-1].endswith(" clean"), "what was fetched for it stayed on the disk"


def test_what_was_wrong_before_an_update_is_no_fault_of_the_version(machine: Machine) -> None:
    (machine.root / "full").touch()  # each doctor finds another number of free megabytes
    machine.offer("1.1.0")
    machine.update()
    assert machine.current == "1.1.0"
    machine.accept_one()
    machine.back()
    assert (machine.current, machine.head[0]) == ("1.0.0", 8)


def test_what_a_version_alone_finds_wrong_keeps_it_from_serving(machine: Machine) -> None:
    (machine.root / "full").touch()
    machine.offer("1.1.0", "breaks")
    with pytest.raises(Refused, match="doctor found a problem"):
        machine.update()
    assert machine.current == "1.0.0"


def test_why_a_doctor_crashed_is_shown(machine: Machine) -> None:
    machine.offer("1.1.0", "crashes")
    with pytest.raises(Refused):
        machine.update()
    assert any("ImportError: no such thing" in line for line in machine.said)


def test_a_version_without_a_start_screen_goes_again_with_what_it_did_to_the_store(machine: Machine) -> None:
    machine.offer("1.1.0", "dark", "migrates")
    original = machine.site.run

    def started(*command: str, **more: float) -> object:
        done = original(*command, **more)  # type: ignore[arg-type]
        if command[:2] == ("systemctl", "start"):
            machine.open_store()
        return done

    object.__setattr__(machine.site, "run", started)
    with pytest.raises(Refused, match="did not come up"):
        machine.update()
    assert (machine.current, machine.head, machine.versions) == ("1.0.0", (7, 1), {"1.0.0"})
    assert machine.serves


def test_going_back_over_a_migration_restores_the_store_only_if_nothing_is_lost(machine: Machine) -> None:
    machine.offer("1.1.0", "migrates")
    machine.update()
    machine.open_store()
    machine.accept_one()
    with pytest.raises(Refused, match="nothing is lost"):
        machine.back()
    assert (machine.current, machine.head, machine.serves) == ("1.1.0", (8, 2), True)


def test_going_back_at_once_over_a_migration_brings_the_saved_store(machine: Machine) -> None:
    machine.offer("1.1.0", "migrates")
    machine.update()
    machine.open_store()
    machine.back()
    assert (machine.current, machine.head) == ("1.0.0", (7, 1))
    machine.update()
    assert machine.current == "1.1.0"


def test_an_older_version_is_refused_unless_told(machine: Machine) -> None:
    machine.offer("0.9.0")
    with pytest.raises(Refused, match=r"older than 1\.0\.0"):
        machine.update("0.9.0")
    machine.update("0.9.0", older=True)
    assert machine.current == "0.9.0"
    machine.update("1.0.0")
    machine.offer("1.1.0")
    machine.update()
    machine.back()
    machine.offer("1.0.5")
    with pytest.raises(Refused, match=r"older than 1\.1\.0, which served here"):
        machine.update("1.0.5")


@pytest.mark.parametrize("version", ["1.0.0", "7.7.7"])
def test_what_is_in_service_or_not_offered_is_refused(machine: Machine, version: str) -> None:
    with pytest.raises(Refused, match=r"in service already|not offered"):
        machine.update(version)
    assert not [line for line in machine.calls if "install" in line and "1.0.0" not in line]


def test_an_unsigned_list_is_refused_before_anything_is_looked_at(machine: Machine) -> None:
    machine.offer("1.1.0")
    (machine.root / "unsigned").touch()
    with pytest.raises(Refused, match="isn't signed"):
        machine.update()
    assert machine.versions == {"1.0.0"}
    (machine.root / "unsigned").unlink()
    (machine.root / "etc/release.gpg").unlink()
    with pytest.raises(Refused, match=r"release.gpg is missing"):
        machine.update()


def test_room_is_looked_for_first(machine: Machine) -> None:
    machine.offer("1.1.0")
    (machine.root / "size").write_text(str(10**15))
    with pytest.raises(Refused, match="MB are needed"):
        machine.update()
    assert machine.versions == {"1.0.0"}


def test_one_update_at_a_time(machine: Machine) -> None:
    with machine.updater.alone(), pytest.raises(Refused, match="under way"):
        machine.update()


def test_whatever_fails_while_the_kiosk_is_stopped_it_serves_again(machine: Machine) -> None:
    machine.offer("1.1.0")
    original = machine.site.run

    def spoiled(*command: str, **more: float) -> object:
        if command[:2] == ("systemctl", "stop"):
            (machine.root / "var/store.db").write_bytes(b"no store any more" * 300)
        return original(*command, **more)  # type: ignore[arg-type]

    object.__setattr__(machine.site, "run", spoiled)
    with pytest.raises(Refused, match="the store can't be looked at"):
        machine.update()
    assert (machine.current, machine.serves) == ("1.0.0", True)


def test_going_back_needs_a_version_before(machine: Machine) -> None:
    with pytest.raises(Refused, match="no version to go back to"):
        machine.back()


def test_a_version_is_on_disk_whole_before_the_link_leads_to_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut the link would else lead to files without their content."""
    synced: list[tuple[str, bool]] = []
    program = machine.root / "opt/releases/1.1.0/bin/kiosk"
    monkeypatch.setattr(os, "sync", lambda: synced.append((machine.current, program.exists())))
    machine.offer("1.1.0")
    machine.update()
    assert machine.current == "1.1.0"
    assert ("1.0.0", True) in synced
