"""What the hub's commands say of messages, modem, delivery, clips and the doctor, and how each ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from common.machine.doctor.finding import ok, problem, warning
from common.machine.errors import CannotBeDone, ConfigError
from common.messages.modem_note import FILE, ModemSaid
from common.messages.port import ChannelUnavailable
from hub.commands import cli as root
from hub.log import tables
from hub.messages.staff import mark_of
from tests.hub.commands.in_process import open_for_commands, rows, run, said
from tests.hub.hall import Hall
from tests.hub.messages.conftest import KEY, TECHNICIAN, name_staff
from tests.kit.carrying import Carrying

HEARD = ModemSaid("2026-11-25T09:00:00.000Z", "Online", "Ready", "Syriatel", True, -70)


@pytest.fixture(autouse=True)
def asked(hall: Hall, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[bool]:
    monkeypatch.setattr("hub.delivery.enrolment.own_key", lambda _folder: KEY)
    return open_for_commands(monkeypatch, hall, folder=tmp_path)


def test_a_message_by_hand_goes_to_all_who_are_told_of_alarms_and_is_listed(hall: Hall) -> None:
    with pytest.raises(CannotBeDone, match="central has named nobody"):
        run("say", "--text", "The lift stands")
    assert run("messages") == ""
    name_staff(hall)
    made = rows("say", "--text", "x" * 70)
    assert len(made) == 1
    assert made == rows("messages") == rows("messages", "--json")
    assert (made[0]["kind"], made[0]["state"]) == ("staff-alarm", "waiting")
    with hall.hub.store.read() as connection:
        (kept,) = connection.execute(select(tables.messages.c.person, tables.messages.c.text)).all()
    assert tuple(kept) == (mark_of(TECHNICIAN, KEY), "x" * 70)


@pytest.mark.parametrize("text", ["", "  ", "two\nlines", "ا" * 71])
def test_what_one_message_does_not_hold_is_not_said(hall: Hall, text: str) -> None:
    name_staff(hall)
    with pytest.raises(ConfigError, match="at most 70 letters"):
        run("say", "--text", text)
    assert run("messages") == ""


class Modem:
    def __init__(self, credit: str) -> None:
        self.credit = lambda: credit
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize(("credit", "told"), [("12 SYP", "12 SYP"), ("", None)])
def test_a_modem_is_asked_and_let_go(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, credit: str, told: str | None
) -> None:
    modem = Modem(credit)
    section = SimpleNamespace(kept_in=lambda _: SimpleNamespace(modem="section"))
    config = SimpleNamespace(data_dir=Path("none"), messages=section)

    @contextmanager
    def opened(_path: Path) -> Iterator[Any]:
        yield SimpleNamespace(hub=hall.hub, config=config)

    monkeypatch.setattr("hub.commands.messages.opened", opened)
    monkeypatch.setattr("common.messages.modem.device_of", lambda _: modem)
    monkeypatch.setattr(
        "common.messages.modem.said_by", lambda _, credit: msgspec.structs.replace(HEARD, credit=credit)
    )
    assert rows("modem") == [msgspec.to_builtins(HEARD) | {"credit": told}]
    assert modem.closed == 1


def test_of_a_modem_that_another_process_holds_its_last_word_is_said(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    section = SimpleNamespace(kept_in=lambda _: SimpleNamespace(modem="section"))

    @contextmanager
    def opened(_path: Path) -> Iterator[Any]:
        yield SimpleNamespace(hub=hall.hub, config=SimpleNamespace(data_dir=tmp_path, messages=section))

    def held(_: object) -> None:
        raise ChannelUnavailable("port in use")

    monkeypatch.setattr("hub.commands.messages.opened", opened)
    monkeypatch.setattr("common.messages.modem.device_of", held)
    with pytest.raises(CannotBeDone, match="the modem can't be asked: port in use"):
        run("modem")
    (tmp_path / FILE).write_bytes(msgspec.json.encode(HEARD))
    assert rows("modem") == [msgspec.to_builtins(HEARD)]


@pytest.fixture
def carrying(monkeypatch: pytest.MonkeyPatch) -> tuple[Carrying, Carrying, list[str]]:
    forwarder, carrier, beside = Carrying(3), Carrying(), list[str]()

    @contextmanager
    def noted(name: str, *_: object) -> Iterator[None]:
        beside.append(name)
        yield

    monkeypatch.setattr("hub.delivery.forwarding.open_forwarder", lambda *_: forwarder)
    monkeypatch.setattr("hub.delivery.forwarding.open_carrier", lambda *_: carrier)
    monkeypatch.setattr("offline_store.beside.beside", noted)
    monkeypatch.setattr("hub.messages.sending.staff_told", lambda *_: noted("staff"))
    monkeypatch.setattr("common.machine.systemd.Watchdog.ready", lambda _: beside.append("ready"))
    monkeypatch.setattr(root, "told_to_stop", lambda: "stop")
    return forwarder, carrier, beside


@pytest.mark.parametrize(("dead", "tail"), [([], ""), (["item"] * 2, "; 2 are refused")])
def test_once_it_delivers_all_and_says_how_much(
    carrying: tuple[Carrying, Carrying, list[str]], monkeypatch: pytest.MonkeyPatch, dead: list[str], tail: str
) -> None:
    monkeypatch.setattr("offline_store.delivery.outbox.dead_items", lambda _: dead)
    assert run("forward", "--once") == f"nothing waits; 3 items went out{tail}\n"
    assert rows("forward", "--once", "--json") == [{"delivered": 3, "refused": len(dead)}]
    assert [one.ran for one in carrying[:2]] == [["once", "once"]] * 2
    assert carrying[2] == []


def test_without_once_it_delivers_until_told_to_stop(carrying: tuple[Carrying, Carrying, list[str]]) -> None:
    assert run("forward") == ""
    assert [one.ran for one in carrying[:2]] == [["stop"], []]
    assert carrying[2] == ["ready", "inquiries", "staff"]


def test_it_serves_asks_first_and_says_where(hall: Hall, asked: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    async def serve(_serving: object, tell: Any) -> None:
        tell("http://127.0.0.1:8090")

    monkeypatch.setattr("hub.serving.serve", serve)
    monkeypatch.setattr("hub.api.server.server.Serving", lambda *_: "serving")
    assert hall.hub.asks_first is False
    assert run("serve") == "the hub serves at http://127.0.0.1:8090\n"
    assert rows("serve", "--json") == [{"url": "http://127.0.0.1:8090"}]
    assert (hall.hub.asks_first, asked) == (True, [True, True])


def test_a_standby_serves_its_page_and_a_hub_that_leads_is_no_standby(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[object] = []
    monkeypatch.setattr(root, "serve", lambda *given: served.append(given))
    with pytest.raises(CannotBeDone) as refused:
        run("follow", "--config", "x.toml")
    assert str(refused.value) == ("this hub leads, under term 1: run `hub serve`; it follows once another is promoted")
    with hall.hub.store.write() as connection:
        connection.execute(tables.state.update().values(role="following"))
    assert run("follow", "--config", "x.toml", "--json") == ""
    assert served == [(Path("x.toml"), True)]


@pytest.mark.parametrize("count", [0, 999, 1000, 2000, 2001])
def test_events_are_listed_to_the_last_each_once(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    names = ("term", "kind", "kiosk", "ticket", "number", "counter", "press", "wall_time")

    def read_events(_: object, after: int, most: int) -> Iterator[Any]:
        seqs = range(after + 1, min(after + most, count) + 1)
        return (SimpleNamespace(seq=seq, **dict.fromkeys(names)) for seq in seqs)

    monkeypatch.setattr("hub.log.event.read_events", read_events)
    assert [row["seq"] for row in rows("events")] == list(range(1, count + 1))


def test_a_manager_s_pin_lets_it_lead(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    pins = list[str]()

    def judge(_hub: object, pin: str, _asker: object) -> str:
        pins.append(pin)
        return "manager"

    monkeypatch.setattr("hub.sessions.sessions.judge", judge)
    monkeypatch.setattr("hub.takeover.promotion.promote", lambda _hub, who: 7 if who == "manager" else 0)
    assert run("promote", "--pin", "123456") == "this hub leads now, under term 7\n"
    assert rows("promote", "--pin", "123456", "--json") == [{"hub": hall.hub.store.identity.kiosk, "term": 7}]
    assert pins == ["123456"] * 2


def test_the_doctor_prints_each_finding_and_counts_what_must_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = [ok("disk", "well"), warning("clock", "late", "wait")]
    monkeypatch.setattr("hub.doctor.examine", lambda *_: iter(fine))
    assert run("doctor") == "".join(f"{one.line}\n" for one in fine)
    assert rows("doctor", "--json") == [one.as_dict() for one in fine]
    bad = [problem("a", "b", "c"), *fine, problem("d", "e", "f")]
    monkeypatch.setattr("hub.doctor.examine", lambda *_: iter(bad))
    with pytest.raises(CannotBeDone, match=r"^2 of these must be mended"):
        run("doctor")


class Clips:
    def __init__(self, missing: int = 0, unusable: int = 0, unconfirmed: int = 0) -> None:
        self.missing = lambda: [SimpleNamespace(name=f"m{n}") for n in range(missing)]
        self.unusable = lambda: [f"u{n}" for n in range(unusable)]
        self.unconfirmed = lambda: [f"c{n}" for n in range(unconfirmed)]
        self.fill = lambda: ["one", "two"]
        self.say = lambda number, counter: f"{number} {counter}".encode()


def test_clips_are_filled_checked_and_an_announcement_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = tmp_path / "a.wav"
    monkeypatch.setattr(root, "_voice", lambda _: Clips(unconfirmed=2))
    assert (run("voice", "fill"), rows("voice", "fill", "--json")) == (
        "2 clips were made\n",
        [{"made": ["one", "two"]}],
    )
    assert run("voice", "check") == "unconfirmed: c0\nunconfirmed: c1\n"
    assert rows("voice", "check", "--json") == [{"missing": [], "unusable": [], "unconfirmed": ["c0", "c1"]}]
    assert run("voice", "say", "A0101", "3", "--out", str(out)) == f"{out}: A0101 to counter 3\n"
    assert out.read_bytes() == b"A0101 3"
    assert rows("voice", "say", "A0101", "3", "--out", str(out), "--json") == [{"file": str(out)}]
    monkeypatch.setattr(root, "_voice", lambda _: Clips())
    assert run("voice", "check") == "every clip is there and confirmed\n"


@pytest.mark.parametrize(("missing", "unusable"), [(1, 0), (0, 1), (2, 1)])
def test_clips_that_are_missing_or_cannot_be_used_are_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: int, unusable: int
) -> None:
    monkeypatch.setattr(root, "_voice", lambda _: Clips(missing, unusable))
    with pytest.raises(CannotBeDone, match="chime only"):
        run("voice", "check")
    if missing:
        with pytest.raises(CannotBeDone, match=f"^{missing} clips are missing, first m0"):
            run("voice", "say", "A0101", "3", "--out", str(tmp_path / "a.wav"))
        assert not (tmp_path / "a.wav").exists()


def test_a_wrong_setting_ends_with_2_and_its_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong() -> None:
        raise ConfigError("hub.toml: line 3")

    monkeypatch.setattr(root, "cli", wrong)
    with pytest.raises(SystemExit) as ended:
        root._run()
    assert ended.value.code == 2
    assert capsys.readouterr() == ("", "hub.toml: line 3\n")


def test_without_words_it_says_how_it_is_called_and_knows_all_its_commands() -> None:
    assert said()[0] == 2
    known = {one.name or one.callback.__name__ for one in root.cli.registered_commands if one.callback}
    assert known >= {"services", "interrupt", "works-again", "close-day", "messages", "say", "modem"}
    assert [one.name for one in root.cli.registered_groups] == ["voice"]
