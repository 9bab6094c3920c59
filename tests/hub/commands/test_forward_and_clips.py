"""What the hub says of delivery, standing by, events and clips, and how each command ends."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from common.machine.errors import CannotBeDone
from common.messages.modem_note import ModemSaid
from hub.commands import cli as root
from hub.log import tables
from hub.log.event import Event
from offline_store.printed.tallies import read_tallies
from tests.hub.commands.in_process import open_for_commands, rows, run, said
from tests.hub.hall import Hall
from tests.hub.messages.conftest import KEY
from tests.kit.carrying import Carrying

HEARD = ModemSaid("2026-11-25T09:00:00.000Z", "Online", "Ready", "Syriatel", True, -70)


@pytest.fixture(autouse=True)
def asked(hall: Hall, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[bool]:
    monkeypatch.setattr("hub.delivery.enrolment.own_key", lambda _folder: KEY)
    return open_for_commands(monkeypatch, hall, folder=tmp_path)


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
    assert run("serve").splitlines()[-1] == "the hub serves at http://127.0.0.1:8090"  # above it is its log
    assert json.loads(run("serve", "--json").splitlines()[-1]) == {"url": "http://127.0.0.1:8090"}
    assert (hall.hub.asks_first, asked) == (True, [True, True])
    assert read_tallies(hall.hub.store)["restarts"].total == 2


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


EVENT = Event(
    seq=1, term=1, kind="arrived", day=1, line_us=0, work_us=0, wall_time="2026-11-25T09:00:00Z", boot_time_ns=0,
    boot_id="b", clock="synced",
)  # fmt: skip


@pytest.mark.parametrize("count", [0, 999, 1000, 2000, 2001])
def test_events_are_listed_to_the_last_each_once(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    def read_events(_: object, after: int, most: int) -> Iterator[Any]:
        seqs = range(after + 1, min(after + most, count) + 1)
        return (replace(EVENT, seq=seq) for seq in seqs)

    monkeypatch.setattr("hub.log.event.read_events", read_events)
    assert [row["seq"] for row in rows("events")] == list(range(1, count + 1))


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


def test_without_words_it_says_how_it_is_called_and_knows_all_its_commands() -> None:
    assert said()[0] == 2
    known = {one.name or one.callback.__name__ for one in root.cli.registered_commands if one.callback}
    assert known >= {"services", "interrupt", "works-again", "close-day", "messages", "say", "modem"}
    assert [one.name for one in root.cli.registered_groups] == ["voice"]
