"""Central's update: tried on a restored copy, its tables brought back only where nothing was taken in since."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.updater.machine import Machine
from updater.central import environment
from updater.errors import NotTaken, Refused

ENV = "# the address\nCENTRAL_PUBLIC_URL=https://central.example\nCENTRAL_DATABASE='postgresql:///central?a=b'\n"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "machine", "central")
    (machine.root / "etc/central.env").write_text(ENV)
    return machine


def copies(machine: Machine) -> int:
    return len(list((machine.root / "backups").iterdir()))


def started_again(machine: Machine) -> None:
    """Have each start of central's processes bring the database to the tables of the version that serves."""
    original = machine.site.run

    def run(*command: str, **more: float) -> object:
        done = original(*command, **more)  # type: ignore[arg-type]
        if command[:2] == ("systemctl", "start"):
            machine.open_store()
        return done

    object.__setattr__(machine.site, "run", run)


def test_a_good_version_is_tried_on_a_copy_while_the_old_one_serves(machine: Machine) -> None:
    machine.offer("1.1.0")
    machine.update()
    assert (machine.current, machine.tools, copies(machine)) == ("1.1.0", "1.1.0", 1)
    stops = [line for line in machine.calls if line.startswith("systemctl stop")]
    assert stops == ["systemctl stop central@8081.service central@8082.service central-migrate.service"]
    starts = [line for line in machine.calls if line.startswith("systemctl start")]
    assert starts[-1].endswith("central@8081.service central@8082.service central-migrate.service")
    machine.accept_one()
    machine.back()
    assert (machine.current, machine.tools, machine.head) == ("1.0.0", "1.0.0", (8, 1)), "nothing of the data went back"


@pytest.mark.parametrize("mark", ["breaks", "crashes"])
def test_a_version_that_cannot_work_with_the_copy_is_not_taken(machine: Machine, mark: str) -> None:
    machine.offer("1.1.0", mark, "migrates")
    with pytest.raises(NotTaken, match="was not taken"):
        machine.update()
    assert (machine.current, machine.head, machine.versions, machine.tools) == ("1.0.0", (7, 1), {"1.0.0"}, "1.0.0")
    assert not [line for line in machine.calls if line.startswith("systemctl stop")], "kiosks waited for a trial"
    assert any("can't work with a copy" in line for line in machine.said)


def test_without_a_copy_there_is_no_update(machine: Machine) -> None:
    machine.offer("1.1.0")
    (machine.root / "full").touch()
    with pytest.raises(Refused, match="no room for a copy"):
        machine.update()
    assert (machine.current, machine.serves) == ("1.0.0", True)


def test_one_whose_processes_do_not_answer_goes_again_with_its_tables(machine: Machine) -> None:
    started_again(machine)
    machine.offer("1.1.0", "dark", "migrates")
    with pytest.raises(NotTaken, match=r"did not come up \(journalctl -u central@8081.service\)"):
        machine.update()
    assert (machine.current, machine.head, machine.versions) == ("1.0.0", (7, 1), {"1.0.0"})
    assert (machine.serves, machine.apt_is_content) == (True, True)


def test_changed_tables_are_brought_back_at_once_but_never_over_what_came_since(machine: Machine) -> None:
    started_again(machine)
    machine.offer("1.1.0", "migrates")
    machine.update()
    assert (machine.current, machine.head, copies(machine)) == ("1.1.0", (7, 2), 2)
    machine.back()
    assert (machine.current, machine.head) == ("1.0.0", (7, 1))
    machine.update()
    machine.accept_one()
    with pytest.raises(Refused, match="nothing is lost"):
        machine.back()
    assert (machine.current, machine.head, machine.serves) == ("1.1.0", (8, 2), True)


def test_a_version_older_than_the_word_head_is_updated_and_gone_back_to(machine: Machine) -> None:
    (machine.root / "headless-1.0.0").touch()
    machine.offer("1.1.0", "dark")
    with pytest.raises(NotTaken, match=r"1\.0\.0 serves again"):
        machine.update()
    machine.offer("1.2.0")
    machine.update()
    machine.accept_one()
    machine.back()
    assert (machine.current, machine.head, machine.serves) == ("1.0.0", (8, 1), True)


@pytest.mark.parametrize("older", [["1.0.0"], ["1.0.0", "1.1.0"]])
def test_where_nobody_knows_what_was_taken_in_since_no_tables_are_brought_back(
    machine: Machine, older: list[str]
) -> None:
    for version in older:
        (machine.root / f"headless-{version}").touch()
    started_again(machine)
    machine.offer("1.1.0", "migrates")
    machine.update()
    with pytest.raises(Refused, match="nothing is lost"):
        machine.back()
    assert (machine.current, machine.head, machine.serves) == ("1.1.0", (7, 2), True)


def test_processes_that_systemd_forgets_once_stopped_are_started_again(machine: Machine) -> None:
    machine.offer("1.1.0")
    original, is_stopped = machine.site.run, False

    def run(*command: str, **more: float) -> object:
        nonlocal is_stopped
        is_stopped = is_stopped or command[:2] == ("systemctl", "stop")
        if is_stopped and command[:2] == ("systemctl", "list-units"):
            return original("true", **more)  # type: ignore[arg-type]
        return original(*command, **more)  # type: ignore[arg-type]

    object.__setattr__(machine.site, "run", run)
    machine.update()
    assert (machine.current, machine.serves) == ("1.1.0", True)


def test_an_old_copy_is_not_taken_for_the_one_of_this_update(machine: Machine) -> None:
    started_again(machine)
    machine.offer("1.1.0", "migrates")
    machine.update()
    machine.offer("1.2.0", "migrates")
    machine.update()
    assert not (machine.root / "state/saved").exists()
    machine.back()
    assert (machine.current, machine.head) == ("1.1.0", (7, 2))


def test_a_migration_is_waited_for_as_long_as_it_runs(machine: Machine) -> None:
    machine.offer("1.1.0", "dark")
    (machine.root / "migrating").write_text("start")
    original, asked = machine.site.run, 0

    def run(*command: str, **more: float) -> object:
        nonlocal asked
        if command[0] == "curl":
            asked += 1
            if asked == 3:
                (machine.root / "dark-1.1.0").unlink()
        return original(*command, **more)  # type: ignore[arg-type]

    object.__setattr__(machine.site, "run", run)
    machine.update()
    assert (machine.current, asked) == ("1.1.0", 4), "one process answers, and then the other"


def test_a_power_cut_in_the_trial_is_ended_at_the_next_start(machine: Machine) -> None:
    machine.offer("1.1.0", "dark")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(machine.updater, "_swap", _cut(machine))
        with pytest.raises(SystemExit):
            machine.update()
    assert machine.current == "1.1.0"
    with pytest.raises(NotTaken, match=r"1\.0\.0 serves again"):
        machine.start()
    assert (machine.current, machine.serves, machine.apt_is_content) == ("1.0.0", True, True)


def _cut(machine: Machine) -> Callable[[str], None]:
    swap = machine.updater._swap

    def cut(version: str) -> None:
        swap(version)
        raise SystemExit

    return cut


def test_a_central_that_is_not_set_up_is_not_updated(machine: Machine) -> None:
    assert environment(machine.site)["CENTRAL_PUBLIC_URL"] == "https://central.example"
    (machine.root / "etc/central.env").unlink()
    machine.offer("1.1.0")
    with pytest.raises(Refused, match="central is not set up here"):
        machine.update()
    assert machine.current == "1.0.0"
