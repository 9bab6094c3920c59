"""What stands that staff has to know, whole: of hub, kiosks, services, the connection to central and a certificate."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, insert, update

from common.machine.errors import PlainError
from common.protocol.feed_message import KioskRecord, Kiosks
from hub.engine.centre import Interruption
from hub.engine.managing import close_day
from hub.messages import conditions as module
from hub.messages.conditions import Condition, conditions
from hub.messages.kiosks import are_news, kiosks_heard
from hub.services.interrupting import interrupt
from hub.settings import CentralSection, HubConfig, HubSection
from hub.takeover.holders import note_pull
from offline_store.alarms import Alarm
from offline_store.delivery.delivery_status import record_failure
from offline_store.disk import tables as store_tables
from tests.hub.hall import CENTRE, said
from tests.hub.messages.conftest import CONFIG, Desk


def found(
    desk: Desk, *alarms: Alarm, config: HubConfig = CONFIG, watched_s: float = 1e6, on_battery: bool = False
) -> list[Condition]:
    with desk.hall.hub.read() as look:
        return conditions(look, config, list(alarms), watched_s, lambda: on_battery)


def test_nothing_stands_where_all_is_well(desk: Desk) -> None:
    assert found(desk) == []
    assert found(desk, Alarm("clock", 5, "x")) == []
    assert found(desk, on_battery=True) == [Condition("on-battery", "", None)]


@pytest.mark.parametrize(("silent_s", "stands"), [(10, False), (11, True)])
def test_a_follower_is_gone_after_ten_seconds(desk: Desk, silent_s: int, stands: bool) -> None:
    with desk.hall.act() as act:
        note_pull(act, "hub-2", 5)
    desk.hall.passes(silent_s)
    assert found(desk) == ([Condition("follower-gone", "hub-2", float(silent_s))] if stands else [])


@pytest.mark.parametrize(
    ("code", "failure", "what"),
    [
        ("central-unreachable", "", ""),
        ("central-unreachable", "timeout", ""),
        ("central-unreachable", "status-500", "central"),
        ("central-unreachable", "status-599", "central"),
        ("central-unreachable", "status-429", "central"),
        ("central-unreachable", "status-511", "untrusted"),
        ("central-unreachable", "status-404", "untrusted"),
        ("central-not-verified", "unverified", "untrusted"),
        ("central-not-verified", "status-503", "central"),
    ],
)
def test_what_answers_in_centrals_place_is_told_apart(desk: Desk, code: str, failure: str, what: str) -> None:
    if failure:
        record_failure(desk.hall.hub.store, desk.hall.clock.now(), failure, "x", 5.0)
    since = desk.hall.clock.now().unix_s - 40
    assert found(desk, Alarm(code, since, "x")) == [Condition("no-internet", what, 40.0)]
    assert found(desk, Alarm(code, since + 50, "x")) == [Condition("no-internet", what, 0.0)], "the clock was set back"


def test_a_condition_is_known_by_kind_and_machine_but_that_of_the_connection() -> None:
    assert Condition("paper-out", "kiosk-1").name == "paper-out/kiosk-1"
    assert Condition("no-internet", "central").name == Condition("no-internet").name == "no-internet/"


def test_what_kiosks_need_somebody_for_is_told_until_they_are_silent(desk: Desk) -> None:
    hall = desk.hall
    records = [*(kiosk.record for kiosk in hall.kiosks[:2]), KioskRecord("kiosk-9", 9, "a" * 43 + "=", revoked=True)]
    said(hall.hub, Kiosks(CENTRE, records), 5)
    for kiosk in ("kiosk-1", "kiosk-9", "kiosk-of-nobody"):
        desk.kiosk_says("on-battery", "paper-out", "printer-cutter", "of-a-later-version", kiosk=kiosk)
    needs = [Condition(kind, "kiosk-1") for kind in ("paper-out", "printer-cutter", "on-battery")]
    assert found(desk) == needs
    hall.passes(600)
    assert found(desk) == needs
    hall.passes(1)
    assert found(desk) == [Condition("kiosk-silent", "kiosk-1", 601.0)]
    assert found(desk, watched_s=70.0) == [Condition("kiosk-silent", "kiosk-1", 70.0)], "nobody listened before"
    with hall.act() as act:
        close_day(act)
    assert found(desk, on_battery=True) == [Condition("on-battery")], "the hall is closed"


def test_a_kiosk_is_written_down_as_heard_once_a_minute_and_when_it_says_something_else(desk: Desk) -> None:
    def news(*needs: str, kiosk: str = "kiosk-2") -> bool:
        with desk.hall.hub.read() as look:
            return are_news(look, kiosk, list(needs))

    assert news()
    desk.kiosk_says("paper-out", "on-battery")
    assert [news("on-battery", "paper-out"), news("paper-out"), news(kiosk="kiosk-1")] == [False, True, True]
    desk.hall.passes(60)
    assert not news("on-battery", "paper-out")
    with desk.hall.hub.read() as look:
        assert kiosks_heard(look) == {"kiosk-2": (["on-battery", "paper-out"], 60.0)}
    desk.hall.passes(0.001)
    assert news("on-battery", "paper-out")


def test_services_that_stand_still_are_told_with_their_age_where_it_is_known(desk: Desk) -> None:
    hall = desk.hall
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("power", "clerk-1"))
    hall.clock.trust = "unknown"
    with hall.act() as act:
        interrupt(act, "clearance", Interruption("power", "clerk-1"))
    hall.clock.trust = "synced"
    hall.passes(90)
    assert found(desk) == [
        Condition("interruption-long", "civil-affairs", 90.0),
        Condition("interruption-long", "clearance", None),
    ]


def test_nobody_is_told_of_a_service_that_the_centre_offers_no_more(desk: Desk) -> None:
    names = {"ar": "خدمة", "en": "Market stall"}
    entry = {"code": "market-stall", "names": names, "group": "B", "prefix": "B", "icon": "document"}
    with desk.hall.hub.store.write() as connection:
        row = {"code": "market-stall", "position": 99, "entry": json.dumps(entry)}
        connection.execute(insert(store_tables.catalogue).values(**row))
    with desk.hall.act() as act:
        interrupt(act, "market-stall", Interruption("power", "clerk-1"))
    desk.hall.passes(90)
    assert found(desk) == [Condition("interruption-long", "market-stall", 90.0)]
    with desk.hall.hub.store.write() as connection:
        connection.execute(delete(store_tables.catalogue).where(store_tables.catalogue.c.code == "market-stall"))
        connection.execute(update(store_tables.feed).values(cursor="2"))
    assert found(desk) == []


@pytest.mark.parametrize(("days", "stands"), [(13.99, True), (14.01, False), (-3, True)])
def test_a_certificate_is_told_of_two_weeks_before_it_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, days: float, stands: bool
) -> None:
    ends_at = datetime.now(UTC) + timedelta(days=days)
    monkeypatch.setattr(module, "own_certificate", lambda _config: SimpleNamespace(ends_at=ends_at))
    hub = HubSection(centre=CENTRE, address="https://10.0.0.5:8090")
    secure = HubConfig(hub=hub, central=CentralSection(url="http://127.0.0.1:1"))
    ending = [Condition("certificate-ending", f"{ends_at:%Y/%m/%d}")] if stands else []
    assert found(desk, config=secure) == ending
    assert found(desk) == [], "without TLS there is none"

    def unusable(_config: HubConfig) -> None:
        raise PlainError("no certificate")

    monkeypatch.setattr(module, "own_certificate", unusable)
    assert found(desk, config=secure) == []
