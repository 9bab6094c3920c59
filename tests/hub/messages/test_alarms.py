"""Staff is told of what stands, by whatever channel works, each quarter of an hour, until somebody takes it."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest
from sqlalchemy import select, update

from common.city.spoken_day import short_day
from common.machine.errors import StoreError, StoreUnavailable
from common.messages.kind import ALARMS, fits
from common.messages.port import ChannelUnavailable, Report, Sent
from common.protocol.staff import StaffRecord
from common.web.page_texts import LANGUAGES, Language
from hub.api.server.metrics import Metrics
from hub.engine.centre import Interruption
from hub.log import tables
from hub.messages import alarms, sending
from hub.messages.conditions import CENTRAL, UNTRUSTED
from hub.messages.staff import mark_of
from hub.messages.texts import compose, words
from hub.services.interrupting import interrupt
from tests.hub.hall import open_hall
from tests.hub.messages.conftest import KEY, MANAGER, TECHNICIAN, Desk, Modem, name_staff

QUARTER = 15 * 60


def test_an_alarm_is_told_once_each_quarter_of_an_hour_until_its_end(desk: Desk) -> None:
    desk.kiosk_says("paper-out")
    assert desk.look() == []  # a roll is being changed
    (text,) = desk.look(after_s=60)
    assert re.fullmatch(r"(.+: )?نفد ورق الجهاز 2 منذ \d\d:\d\d\. لتولّي الأمر أرسل \d\d", text)
    for after_s, expected in ((500, 0), (QUARTER - 501, 0), (2, 1), (QUARTER - 1, 0)):
        desk.hall.passes(after_s)
        desk.kiosk_says("paper-out")
        assert len(desk.look()) == expected, after_s
    desk.kiosk_says()
    assert desk.look(after_s=10) == []  # it is over
    desk.kiosk_says("paper-out")
    assert desk.look() == []  # again: it has to stand first


def test_where_one_channel_has_no_line_the_next_is_asked(desk: Desk) -> None:
    desk.modem = Modem("modem", "http")
    desk.begin()
    desk.modem.away = {"modem"}
    desk.is_on_battery = True
    desk.look()
    desk.look(after_s=120)
    assert [name for name, _, _ in desk.modem.sent] == ["http"]
    assert desk.rows()[0].channel == "http"


def test_what_waits_for_somebody_withdrawn_keeps_nobody_else_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST", 1)
    desk.modem.away = {"modem"}
    desk.is_on_battery = True
    desk.look()
    desk.look(after_s=120)
    assert [row.state for row in desk.rows()] == ["waiting"]
    name_staff(desk.hall, [StaffRecord(MANAGER, "Abu Ali", ["staff-alarm"])])
    desk.look()
    desk.modem.away = set()
    desk.look(after_s=60)
    assert [number for _, number, _ in desk.modem.sent] == [MANAGER]


def test_nothing_is_sent_whose_life_ended_while_another_channel_was_asked(desk: Desk) -> None:
    desk.modem = Modem("modem", "http")
    desk.begin()
    send = desk.modem.send

    def slow(number: str, text: str, life_s: float) -> Sent:
        if desk.modem._now != "modem":
            return send(number, text, life_s)
        desk.hall.passes(3600)
        raise ChannelUnavailable("no signal")

    desk.modem.send = slow  # type: ignore[method-assign]
    desk.is_on_battery = True
    desk.look()
    desk.look(after_s=120)
    desk.modem.send = send  # type: ignore[method-assign]
    assert desk.modem.sent == []
    assert [row.state for row in desk.rows()] == ["waiting"]
    desk.look(after_s=60)
    assert desk.rows()[0].state == "dropped"


def test_it_is_taken_by_its_digits_from_a_number_that_was_told_and_by_no_other(desk: Desk) -> None:
    desk.kiosk_says("printer-cutter")
    desk.look()
    desk.look(after_s=60)
    digits = desk.digits()
    for text, number in ((digits, MANAGER), (digits, "+963999999999"), ("what?", TECHNICIAN), ("100", TECHNICIAN)):
        desk.hears(text, number)
    with desk.hall.hub.store.read() as connection:
        assert alarms.texts_let_go(connection) == 4
        assert connection.scalar(select(tables.alarms.c.taken_at)) is None
    arabic = digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    desk.hears(f" {arabic} ")
    with desk.hall.hub.store.read() as connection:
        assert connection.scalar(select(tables.alarms.c.taken_by)) == mark_of(TECHNICIAN, KEY)
    (answer,) = desk.look()
    assert digits in answer, "whose number it is hears that it was taken"
    for _ in range(3):
        desk.hears(digits)
        assert desk.look() == [], "who repeats it is not answered again"
    desk.hall.passes(QUARTER)
    desk.kiosk_says("printer-cutter")
    assert desk.look() == []


def test_a_killed_sender_never_says_twice_what_may_have_gone_out(desk: Desk) -> None:
    desk.is_on_battery = True
    desk.look()

    class Killed(BaseException):
        """The process is gone."""

    def die(_number: str, _text: str, _life_s: float) -> Sent:
        raise Killed

    desk.modem.send, send = die, desk.modem.send  # type: ignore[method-assign,assignment]
    with pytest.raises(Killed):
        desk.look(after_s=120)
    desk.modem.send = send  # type: ignore[method-assign]
    desk.begin()
    assert desk.look() == []
    assert desk.look(after_s=120) == []
    assert [row.state for row in desk.rows()] == ["unknown"]
    assert len(desk.look(after_s=QUARTER)) == 1  # the next quarter's is another one


def test_what_was_taken_stays_taken_where_the_sender_begins_again(desk: Desk) -> None:
    desk.kiosk_says("paper-out")
    desk.look()
    desk.look(after_s=60)
    digits = desk.digits()
    desk.hears(digits)
    desk.look()
    desk.begin()
    assert desk.look(after_s=30) == []
    desk.hall.passes(QUARTER)
    desk.kiosk_says("paper-out")
    assert desk.look() == []
    assert desk.digits() == digits


def test_what_no_channel_took_is_dropped_after_an_hour_or_when_it_is_over(desk: Desk) -> None:
    desk.modem.away = {"modem"}
    desk.is_on_battery = True
    desk.look()
    desk.look(after_s=120)
    assert [row.state for row in desk.rows()] == ["waiting"]
    desk.look(after_s=3600)
    desk.look(after_s=5)
    assert [row.state for row in desk.rows()] == ["dropped", "waiting"]  # one a time, however long it lasts
    desk.modem.away = set()
    desk.is_on_battery = False
    assert desk.look(after_s=1000) == []
    assert {row.state for row in desk.rows()} == {"dropped"}


def test_a_later_report_says_what_became_of_it(desk: Desk) -> None:
    desk.is_on_battery = True
    desk.look()
    desk.look(after_s=120)
    desk.modem.report = [Report("ref-1", "delivered")]
    desk.look(after_s=5)
    assert [row.state for row in desk.rows()] == ["delivered"]
    with desk.hall.hub.read() as look:
        page = Metrics().page(look, {}, None).decode()
    assert 'hub_messages{state="delivered"} 1.0' in page
    assert "hub_alarms_untaken 1.0" in page


def test_a_report_is_kept_though_the_channel_then_breaks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.is_on_battery = True
    desk.look()
    desk.look(after_s=120)
    desk.modem.report = [Report("ref-1", "delivered")]

    def broken() -> None:
        raise ChannelUnavailable("gone")

    monkeypatch.setattr(desk.modem, "received", broken)
    desk.look(after_s=5)
    assert [row.state for row in desk.rows()] == ["delivered"]


def test_a_kiosk_that_is_silent_and_a_service_that_stands_for_an_hour(desk: Desk) -> None:
    desk.kiosk_says(kiosk="kiosk-1")
    with desk.hall.act() as act:
        interrupt(act, "clearance", Interruption("power", "clerk-1"))
    assert desk.look() == []
    assert desk.look(after_s=599) == []
    (silent,) = desk.look(after_s=2)
    assert "الجهاز 1 صامت" in silent
    assert desk.look(after_s=200) == []
    told = desk.look(after_s=2800)
    assert any("خدمة من المجموعة B متوقفة" in text for text in told)


def test_a_kiosk_is_not_called_silent_for_the_time_in_which_nobody_listened(desk: Desk) -> None:
    desk.kiosk_says(kiosk="kiosk-1")
    desk.hall.passes(2 * 3600)  # the hub was off, or another one led
    desk.begin()
    assert desk.look() == []
    assert desk.look(after_s=300) == []
    desk.kiosk_says(kiosk="kiosk-1")
    assert desk.look(after_s=301) == []
    (silent,) = desk.look(after_s=300)
    assert "الجهاز 1 صامت" in silent


def test_at_night_nobody_hears_of_the_hall(desk: Desk) -> None:
    desk.kiosk_says("paper-out")
    assert desk.look(after_s=24 * 3600) == []
    assert desk.look(after_s=60) == []


def test_a_standby_tells_nobody(desk: Desk) -> None:
    desk.is_on_battery = True
    with desk.hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    desk.look()
    assert desk.look(after_s=600) == []


def test_a_list_that_is_sealed_to_another_hub_tells_nobody_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    hall = open_hall(tmp_path / "other")
    hall.set_up({1: ["A"]})
    name_staff(hall, key=Ed25519PrivateKey.generate())
    desk = Desk(hall, Modem())
    desk.is_on_battery = True
    desk.look()
    assert desk.look(after_s=600) == []
    assert "staff-unreadable" in capsys.readouterr().out
    hall.hub.store.close()


def test_neither_number_nor_name_of_staff_is_in_the_store_or_a_log(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.modem.away = {"modem"}
    desk.is_on_battery = True
    desk.look()
    desk.look(after_s=120)
    desk.modem.away = set()
    assert len(desk.look(after_s=60)) == 1
    said = capsys.readouterr()
    folder = desk.hall.hub.store.data_dir
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in (TECHNICIAN[1:], TECHNICIAN[4:], "Samir"):
        assert secret.encode() not in kept
        assert secret not in said.out + said.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_alarm_has_words_that_fit_into_one_message(language: Language) -> None:
    found = words(language)
    own = {"on-battery-hub", "taken", *(f"no-internet-{what}" for what in (UNTRUSTED, CENTRAL))}
    assert {*ALARMS, *own, "at"} == found.keys() - {""}
    day = max((short_day(date(2026, month, 28), language) for month in range(1, 13)), key=len)
    longest = {"digit": 9, "group": "W", "day": day, "since": day, "digits": "99"}
    for name in found.keys() - {"at", ""}:
        assert fits(found[name].format(**longest)), name


@pytest.mark.parametrize(
    ("kind", "machine", "said"),
    [("paper-out", "kiosk-2", "منذ 3 كانون الأول."), ("certificate-ending", "2026/12/31", "تنتهي في 31 كانون الأول.")],
)
def test_a_day_is_said_as_people_say_it(kind: str, machine: str, said: str) -> None:
    now = datetime(2026, 12, 4, 6, tzinfo=UTC)
    centre = SimpleNamespace(kiosks={"kiosk-2": SimpleNamespace(digit=2)}, services={}, names={}, code="homs-main")
    look = SimpleNamespace(centre=centre, stamp=SimpleNamespace(wall_time=now))
    alarm = SimpleNamespace(kind=kind, machine=machine, since=(now - timedelta(days=1)).isoformat(), digits="42")
    with mock.patch("hub.messages.texts.centre_names", return_value={"ar": "حمص"}):
        assert said in compose(cast("Any", look), cast("Any", alarm), "ar")


@pytest.mark.parametrize("error", [StoreError("the disk is full"), KeyError("+963944000111")])
def test_what_does_not_work_now_ends_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    import threading

    stop, seen = threading.Event(), []

    def look() -> None:
        seen.append(1)
        if len(seen) == 2:
            stop.set()
        raise error

    monkeypatch.setattr("hub.messages.sending.LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(desk.messenger, "look", look)
    desk.messenger.run(stop)
    assert len(seen) == 2
    said = capsys.readouterr().out
    assert type(error).__name__ in said
    assert "963" not in said


def test_what_waited_for_the_modem_is_told_also_by_a_clock_that_a_power_cut_has_set_back(desk: Desk) -> None:
    desk.modem.away.add("modem")
    desk.kiosk_says("paper-out")
    desk.look()
    assert desk.look(after_s=60) == [], "the modem has no signal"
    desk.hall.clock.wall -= timedelta(days=5 * 365)
    desk.hall.clock.trust = "unknown"
    desk.begin()
    desk.modem.away.clear()
    desk.kiosk_says("paper-out")
    assert len(desk.look() + desk.look(after_s=60)) == 1
    for after_s, expected in ((QUARTER - 70, 0), (70, 1)):
        desk.hall.passes(after_s)
        desk.kiosk_says("paper-out")
        assert len(desk.look()) == expected, after_s


def test_who_takes_an_alarm_is_heard_also_where_the_disk_did_not_take_his_text_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.kiosk_says("paper-out")
    desk.look()
    assert len(desk.look(after_s=60)) == 1
    with monkeypatch.context() as full:
        full.setattr(alarms, "hear_text", mock.Mock(side_effect=StoreUnavailable("the disk is full")))
        with pytest.raises(StoreUnavailable):
            desk.hears(desk.digits())
    desk.look()  # the modem lets go what was read before
    with desk.hall.hub.store.read() as connection:
        (standing,) = alarms.standing_alarms(connection)
    assert standing.taken_by is not None
