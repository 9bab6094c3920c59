"""What commands print, whole, as a sentence and as JSON; and what they hand on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.doctor.finding import ok, problem, warning
from common.machine.errors import CannotBeDone, ConfigError
from common.messages import modem, modem_note
from common.messages.port import ChannelUnavailable
from common.messages.settings import MessagesSettings, ModemSection
from hub.commands import cli as root
from hub.commands import messages
from hub.delivery.enrolment import Enrolled
from hub.messages.staff import mark_of
from tests.hub.commands.in_process import open_for_commands, rows, run
from tests.hub.hall import Hall
from tests.hub.messages.conftest import KEY, MANAGER, PEOPLE, TECHNICIAN, name_staff


@pytest.fixture(autouse=True)
def _opened(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    open_for_commands(monkeypatch, hall)


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_doctor_prints_each_finding_and_ends_badly_where_one_is_bad(
    monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...]
) -> None:
    found, asked = [ok("clock", "synced"), problem("keys", "lost", "enrol again"), warning("c", "d", "e")], []

    def examine(*given: Any) -> list[Any]:
        asked.append(given)
        return found

    monkeypatch.setattr("hub.doctor.examine", examine)
    with pytest.raises(CannotBeDone, match="1 of these must be mended before this hub may serve"):
        run("doctor", "--config", "x.toml", "--data-dir", "copy", *flags)
    assert asked == [(Path("x.toml"), Path("copy"))]
    del found[1]
    lines = run("doctor", *flags).splitlines()
    assert [json.loads(one) if flags else one for one in lines] == [
        one.as_dict() if flags else one.line for one in found
    ]


def test_enrolling_prints_who_the_hub_is(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def enrol(*given: Any) -> Enrolled:
        asked.append(given)
        return Enrolled("hub-7", "homs-main", 1)

    monkeypatch.setattr("hub.settings.load", lambda path: f"settings of {path}")
    monkeypatch.setattr("hub.delivery.enrolment.enrol", enrol)
    monkeypatch.setattr("offline_store.identity.machine_hash", lambda: "m")
    words = ("enrol", "--central", "https://c", "--code", "ABCD", "--config", "x.toml")
    assert rows(*words) == rows(*words, "--json") == [{"hub": "hub-7", "centre": "homs-main", "term": 1}]
    assert asked[0][:3] == ("settings of x.toml", "https://c", "ABCD")
    assert asked[0][4] == "m"


@pytest.mark.parametrize(("dead", "sentence"), [(0, ""), (2, "; 2 are refused")])
def test_what_is_delivered_once_is_counted(monkeypatch: pytest.MonkeyPatch, dead: int, sentence: str) -> None:
    ran: list[str] = []

    @contextmanager
    def part(name: str, count: int) -> Iterator[Any]:
        def run_once() -> int:
            ran.append(name)
            return count

        yield SimpleNamespace(run_once=run_once)

    monkeypatch.setattr("hub.delivery.forwarding.open_forwarder", lambda *_: part("forwarder", 5))
    monkeypatch.setattr("hub.delivery.forwarding.open_carrier", lambda *_: part("carrier", 9))
    monkeypatch.setattr("offline_store.delivery.outbox.dead_items", lambda _store: [None] * dead)
    assert run("forward", "--once") == f"nothing waits; 5 items went out{sentence}\n"
    assert ran == ["carrier", "forwarder"]
    assert rows("forward", "--once", "--json") == [{"delivered": 5, "refused": dead}]


def test_a_message_to_staff_goes_to_all_who_are_told_of_alarms(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.delivery.enrolment.own_key", lambda _folder: KEY)
    older = "central has named nobody of the staff: central publish messages FILE.*older than central.*hub-update"
    with pytest.raises(CannotBeDone, match=older):
        run("say", "--text", "x")
    name_staff(hall)
    assert run("messages") == ""
    made = rows("say", "--text", "ت" * 70)
    assert [{name: row[name] for name in ("kind", "channel", "state")} for row in made] == [
        {"kind": "staff-alarm", "channel": None, "state": "waiting"}
    ]
    assert rows("messages") == rows("messages", "--json") == made
    with hall.hub.store.read() as connection:
        (row,) = connection.exec_driver_sql("SELECT text, alarm, person FROM hub_messages").all()
    assert (row.text, row.person) == ("ت" * 70, mark_of(TECHNICIAN, KEY))
    assert row.alarm.startswith("said/")
    assert not [one for one in (TECHNICIAN, MANAGER, PEOPLE[0].name) if one in json.dumps(made)]
    for text in ("", " ", "a\nb", "ن" * 71):
        with pytest.raises(ConfigError, match="--text: expected one line of at most 70 letters"):
            run("say", "--text", text)
    name_staff(hall, key=Ed25519PrivateKey.generate())
    with pytest.raises(CannotBeDone, match="the list of staff does not open: it is sealed to another key"):
        run("say", "--text", "x")


def test_a_modem_says_what_it_is_like_or_what_was_last_heard_of_it(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    section = MessagesSettings(modem=ModemSection(port="/dev/ttyUSB0"))
    config = SimpleNamespace(data_dir=Path("none"), messages=section)

    @contextmanager
    def opened(_path: Path) -> Iterator[Any]:
        yield SimpleNamespace(hub=hall.hub, clock=hall.clock, config=config)

    closed: list[bool] = []
    left = iter(["", "12 SYP"])
    device = SimpleNamespace(credit=lambda: next(left), close=lambda: closed.append(True))
    monkeypatch.setattr(messages, "opened", opened)
    monkeypatch.setattr(modem, "device_of", lambda found: device if found == section.kept_in(Path("none")).modem else 0)
    monkeypatch.setattr(modem, "said_by", lambda found, credit: {"device": found is device, "credit": credit})
    assert rows("modem") == [{"device": True, "credit": None}]
    assert rows("modem", "--json") == [{"device": True, "credit": "12 SYP"}]
    assert closed == [True, True]

    def busy(_section: Any) -> None:
        raise ChannelUnavailable("held by another process")

    monkeypatch.setattr(modem, "device_of", busy)
    monkeypatch.setattr(modem_note, "last_said", lambda _folder: {"sim": "ready"})
    assert rows("modem") == [{"sim": "ready"}]
    monkeypatch.setattr(modem_note, "last_said", lambda _folder: None)
    with pytest.raises(CannotBeDone, match="the modem can't be asked: held by another process"):
        run("modem")


def test_wrong_settings_end_with_two_and_their_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong() -> None:
        raise ConfigError("hub.toml, line 3: x")

    monkeypatch.setattr(root, "cli", wrong)
    with pytest.raises(SystemExit) as end:
        root._run()
    assert (end.value.code, capsys.readouterr().err) == (2, "hub.toml, line 3: x\n")
