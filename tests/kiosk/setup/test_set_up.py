"""The whole order of setting up: who is asked for what, which authority is believed, what is written and kept."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import aionut
import pytest

from common.machine.errors import PlainError
from kiosk.delivery.enrolment import Enrolled
from kiosk.setup import setting_up
from kiosk.setup.answers import Answers
from kiosk.setup.setting_up import Done, set_up
from kiosk.setup.settings_file import Findings, settings_text
from tests.kit.clock import HandClock

CODE = "ABCDEFGHIJKLMNOP"
NOTHING = Findings(None, None, {}, None, None)
WHO = Enrolled("kiosk-4", "homs-main", 4, "12345678")


class Machine(NamedTuple):
    """A new machine: its folder, what it said, what it asked, and how it looked round and enrolled."""

    folder: Path
    told: list[str]
    asked: list[str]
    looked: list[float]
    enrolled: list[dict[str, Any]]

    def set_up(self, answers: Answers, *typed: str, scanned: str | None = None) -> Done:
        words = iter(typed)

        def ask(question: str) -> str:
            self.asked.append(question)
            return next(words)

        def look(_answers: Answers, _tell: object, wait_s: float) -> tuple[Findings, str | None]:
            self.looked.append(wait_s)
            return NOTHING, scanned

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(setting_up, "_look", look)
            return set_up(
                answers, self.folder / "kiosk.toml", self.folder / "var", CLOCK, self.told.append,
                ask if typed or scanned else None, self.folder / "laid.pem",
            )  # fmt: skip


CLOCK = HandClock()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path, [], [], [], [])

    def enrol(data_dir: Path, **given: Any) -> Enrolled:
        made.enrolled.append({"data_dir": data_dir} | given)
        return WHO

    monkeypatch.setattr("kiosk.delivery.enrolment.enrol", enrol)
    monkeypatch.setattr(setting_up, "machine_hash", lambda: "m" * 64)
    return made


def enrolled_at(machine: Machine, url: str, ca_file: Path | None) -> list[dict[str, Any]]:
    found = {"url": url, "code": CODE, "centre": None, "clock": CLOCK, "ca_file": ca_file, "machine": "m" * 64}
    return [{"data_dir": machine.folder / "var"} | found]


def test_with_all_answers_nobody_is_waited_for_and_settings_that_were_there_are_kept(machine: Machine) -> None:
    settings = machine.folder / "kiosk.toml"
    settings.write_text("old")
    done = machine.set_up(Answers(central="http://127.0.0.1:9", code=CODE))
    assert done == Done(WHO, settings, NOTHING)
    text = settings_text("homs-main", "http://127.0.0.1:9", None, str(machine.folder / "var"), NOTHING)
    assert settings.read_text() == text
    assert (machine.folder / "kiosk.toml.before").read_text() == "old"
    assert (machine.looked, machine.asked) == ([0], [])
    assert machine.told == ["Enrolling at http://127.0.0.1:9", "Kiosk 4 of homs-main"]
    assert machine.enrolled == enrolled_at(machine, "http://127.0.0.1:9", None)


def test_a_sheet_that_is_scanned_says_code_and_central_and_the_laid_authority_is_believed(machine: Machine) -> None:
    laid = machine.folder / "laid.pem"
    laid.write_text("pem")
    machine.set_up(Answers(), scanned=f"KIOSK1 https://central.example {CODE}")
    assert (machine.looked, machine.asked) == ([120.0], [])
    assert machine.enrolled == enrolled_at(machine, "https://central.example", laid)
    assert f'ca_file = "{laid}"' in (machine.folder / "kiosk.toml").read_text()
    assert not (machine.folder / "kiosk.toml.before").exists()


def test_what_is_missing_is_asked_for_and_an_answer_goes_before_the_sheet(machine: Machine) -> None:
    machine.set_up(Answers(ca_file="/a/ca.pem"), CODE, "HTTPS://typed.example")
    assert machine.asked == ["Enrolment code: ", "Central's address, such as https://central.example: "]
    assert machine.enrolled == enrolled_at(machine, "HTTPS://typed.example", Path("/a/ca.pem"))
    machine.enrolled.clear()
    machine.set_up(Answers(central="http://[::1]:9"), scanned=f"KIOSK1 https://central.example {CODE}")
    assert machine.enrolled == enrolled_at(machine, "http://[::1]:9", None)
    machine.looked.clear()
    machine.set_up(Answers(central="http://[::1]:9", code=CODE), "never asked")
    assert machine.looked == [0]


@pytest.mark.parametrize(
    ("answers", "typed", "said"),
    [
        (Answers(central="http://[::1]:9"), (), "the enrolment code is missing: answer `code`"),
        (Answers(code="ABC"), (), '"ABC" is no enrolment code: 16 letters and digits are meant'),
        (Answers(code="A" * 41), (), f'"{"A" * 40}" is no enrolment code: 16 letters and digits are meant'),
        (Answers(code=CODE), (), "central's address is missing: answer `central`, or scan the sheet's code"),
        (Answers(code=CODE), ("",), "central's address is missing: answer `central`, or scan the sheet's code"),
        (
            Answers(central="https://c", code=CODE), (),
            "central's CA is missing: lay it at {}/laid.pem (step 1 of the installation), or answer `ca_file`",
        ),
    ],
)  # fmt: skip
def test_what_only_a_person_could_say_is_named_before_the_code_is_spent(
    machine: Machine, answers: Answers, typed: tuple[str, ...], said: str
) -> None:
    with pytest.raises(PlainError) as refused:
        machine.set_up(answers, *typed)
    assert str(refused.value) == said.format(machine.folder)
    assert machine.enrolled == []
    assert not (machine.folder / "kiosk.toml").exists()


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ({"ups1": "first", "ups2": "second"}, "ups1"), ({}, None), (OSError("refused"), None),
        (aionut.NUTError("no such driver"), None), (TimeoutError(), None), (ValueError("torn"), None),
    ],
)  # fmt: skip
def test_the_first_battery_that_is_watched_here_is_written_down(
    monkeypatch: pytest.MonkeyPatch, answer: Any, name: str | None
) -> None:
    async def list_ups() -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(aionut, "AIONUTClient", lambda: SimpleNamespace(list_ups=list_ups))
    assert setting_up._ups() == name
