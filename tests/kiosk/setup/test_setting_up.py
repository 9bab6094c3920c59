"""A kiosk that is set up by its sheet believes the authority that the installation guide has laid there."""

from pathlib import Path
from typing import Any

import pytest

from common.machine.errors import PlainError
from kiosk.commands.setting_up import CA_FILE
from kiosk.delivery import enrolment
from kiosk.delivery.enrolment import Enrolled
from kiosk.setup import setting_up
from kiosk.setup.answers import Answers
from kiosk.setup.settings_file import Findings
from tests.kit.clock import HandClock

GUIDE = Path(__file__).parents[3] / "deploy/install.md"
SHEET = "KIOSK1 https://central.example ABCDEFGHIJKLMNOP"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the enrolment was asked with; no port of this machine is looked at."""
    told: list[dict[str, Any]] = []

    def enrol(_: Path, **more: Any) -> Enrolled:
        told.append(more)
        return Enrolled("kiosk-00000001", "homs-main", 1, "12345678")

    monkeypatch.setattr(setting_up, "_look", lambda *_, **__: (Findings(None, None, {}, None, None), SHEET))
    monkeypatch.setattr(enrolment, "enrol", enrol)
    return told


def _set_up(folder: Path, answers: Answers, ca: Path) -> str:
    settings = folder / "kiosk.toml"
    setting_up.set_up(answers, settings, folder / "var", HandClock(), lambda _: None, None, ca)
    return settings.read_text()


def test_the_authority_is_taken_from_where_the_guide_lays_it(tmp_path: Path, asked: list[dict[str, Any]]) -> None:
    ca = tmp_path / "central-ca.pem"
    ca.write_text("pem")
    assert f'ca_file = "{ca}"' in _set_up(tmp_path, Answers(), ca)
    assert asked[0]["ca_file"] == ca
    assert f"install -m 0644 /mnt/central-ca.pem {CA_FILE.parent}/" in GUIDE.read_text()


def test_what_is_answered_goes_before_it(tmp_path: Path, asked: list[dict[str, Any]]) -> None:
    _set_up(tmp_path, Answers(ca_file="/etc/other.pem"), tmp_path / "central-ca.pem")
    assert asked[0]["ca_file"] == Path("/etc/other.pem")


def test_without_an_authority_it_is_said_where_to_lay_it(tmp_path: Path, asked: list[dict[str, Any]]) -> None:
    with pytest.raises(PlainError, match=r"lay it at .*central-ca.pem \(step 1"):
        _set_up(tmp_path, Answers(), tmp_path / "central-ca.pem")
    assert asked == []


def test_a_central_on_loopback_needs_none(tmp_path: Path, asked: list[dict[str, Any]]) -> None:
    assert '#ca_file = "central-ca.pem"' in _set_up(tmp_path, Answers(central="http://127.0.0.1:8080"), tmp_path / "no")
    assert asked[0]["ca_file"] is None


@pytest.mark.parametrize("answer", ["https://central.example", ""])
def test_with_a_bare_code_the_person_is_asked_where_central_is(
    tmp_path: Path, asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(setting_up, "_look", lambda *_, **__: (Findings(None, None, {}, None, None), None))
    (tmp_path / "ca.pem").write_text("pem")
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return answer

    def begin() -> None:
        answers, settings = Answers(code="ABCDEFGHIJKLMNOP"), tmp_path / "kiosk.toml"
        setting_up.set_up(answers, settings, tmp_path / "var", HandClock(), lambda _: None, ask, tmp_path / "ca.pem")

    if answer:
        begin()
    else:
        with pytest.raises(PlainError, match="central's address is missing"):
            begin()
    assert [one["url"] for one in asked] == [answer] * bool(answer)
    assert questions == ["Central's address, such as https://central.example: "]
