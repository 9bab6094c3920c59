"""Whatever happens to a machine's versions, in any order: apt is content, and the next good version is taken."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.examples import examples
from tests.updater.machine import Machine
from updater import durable
from updater.errors import NotTaken, Refused
from updater.packages import Repository

STEPS = ("good", "refused by its doctor", "does not come up", "back", "apt upgrade", "restart")


class Life:
    """A machine over years; each version that comes out is newer than those before."""

    def __init__(self, root: Path) -> None:
        self.machine = Machine(root)
        self.newest = 0

    def happens(self, step: str) -> None:
        machine = self.machine
        if step == "back":
            before = machine.current
            try:
                machine.back()
            except Refused as refused:
                assert machine.current == before
                assert "no version to go back to" in str(refused) or "is gone" in str(refused)  # noqa: PT017
        elif step == "apt upgrade":
            machine.apt_upgrade(self._comes_out())
        elif step == "restart":
            machine.start()
        else:
            self._updates(step)

    def _updates(self, step: str) -> None:
        before, tools = self.machine.current, self.machine.tools
        marks = {"refused by its doctor": ["breaks"], "does not come up": ["dark"]}.get(step, [])
        version = self._comes_out(*marks)
        try:
            self.machine.update(version)
        except Refused:
            assert marks, "a good version was not taken"
            assert self.machine.current == before
            assert self.machine.tools in (tools, before), "what was refused left its tools in charge"
        else:
            assert not marks, "a bad version was taken"
            assert (self.machine.current, self.machine.tools) == (version, version)

    def _comes_out(self, *marks: str) -> str:
        self.newest += 1
        version = f"1.{self.newest}.0"
        self.machine.offer(version, *marks)
        return version


@pytest.mark.timeout(900)  # each step starts a dozen programs
@pytest.mark.hypothesis
@settings(max_examples=examples(fixed=5, fresh=40))
@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=7))
def test_in_any_order_apt_is_content_and_the_next_good_version_is_taken(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder))
        for step in [*steps, "good"]:
            life.happens(step)
            assert life.machine.serves
            assert life.machine.apt_is_content, step


def test_what_is_taken_back_leaves_nothing_in_charge_and_no_night_takes_it_again(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine")
    machine.offer("1.1.0")
    machine.update()
    assert machine.tools == "1.1.0"
    machine.back()
    assert (machine.current, machine.tools, machine.apt_is_content) == ("1.0.0", "1.0.0", True)
    (machine.root / "wanted").write_text('{"version": "1.1.0", "due": true}')
    machine.night()
    assert machine.current == "1.0.0"
    machine.offer("1.1.1")
    machine.update()
    assert (machine.current, machine.tools) == ("1.1.1", "1.1.1")


def test_a_version_on_trial_that_stays_dark_goes_though_apt_is_out_of_order(tmp_path: Path) -> None:
    """A power cut in the trial, and a lock that somebody holds at the start: people wait at the kiosk."""
    machine = Machine(tmp_path / "machine")
    machine.offer("1.1.0", "dark")
    Repository(machine.site, "file:/r").install("1.1.0")
    durable.write(machine.root / "state/trial", "1.1.0 1.0.0")
    durable.point(machine.root / "opt/current", machine.root / "opt/releases/1.1.0")
    (machine.root / "apt-is-broken").touch()
    with machine.updater.alone(), pytest.raises(NotTaken, match=r"1\.1\.0 did not come up"):
        machine.updater.settle()
    assert (machine.current, machine.serves) == ("1.0.0", True)
