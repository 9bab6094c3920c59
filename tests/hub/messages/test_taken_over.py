"""Who takes over from a hub tells nobody again of what was told or taken there, and tells what is open still."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete

from common.protocol.feed_message import HubRecord
from hub.api.live.views import manager_view
from hub.api.server.metrics import Metrics
from hub.engine.act import LEADING
from hub.engine.opening import open_hub
from hub.log import tables
from hub.messages.alarms import StandingAlarm, standing_alarms, take
from hub.messages.kiosks import note_needs
from hub.messages.sending import Messenger
from hub.messages.staff import mark_of
from hub.messages.told import as_own, with_told
from hub.takeover.holders import note_pull
from hub.takeover.promotion import promote, yield_to
from hub.takeover.replica import LogPage, log_page, take_page
from tests.hub.hall import HUB_ID, Hall, open_hall
from tests.hub.messages.conftest import CONFIG, KEY, TECHNICIAN, Desk, Modem, name_staff
from tests.hub.messages.test_alarms import QUARTER
from tests.hub.messages.test_no_internet import fails
from tests.hub.standby import last_seq, open_standby, pull
from tests.hub.takeover.test_resuming import MANAGER as PROMOTES

PUBLIC = KEY.public_key().public_bytes_raw()
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)


class StandbyDesk(Desk):
    """The messenger of the hub that follows: it has a key and a modem of its own."""

    def begin(self) -> None:
        self.messenger = Messenger(
            self.hall.hub, CONFIG, OTHER_KEY, self.hall.clock, self.modem, on_battery=lambda: self.is_on_battery
        )

    def look(self, *, after_s: float = 0.0) -> list[str]:
        """Look as a leader that the former one follows by then: its silence would be an alarm of its own."""
        self.hall.passes(after_s)
        with self.hall.hub.any_act() as act:
            if act.role == LEADING:
                note_pull(act, HUB_ID, act.seq)
        return super().look()


@pytest.fixture
def standby(desk: Desk, tmp_path: Path) -> Iterator[StandbyDesk]:
    hall = open_standby(tmp_path / "hub-b", desk.hall.clock, {1: ["A", "B"]})
    name_staff(hall, key=OTHER_KEY)
    pull(hall, desk.hall)
    yield StandbyDesk(hall, Modem())
    hall.hub.store.close()


def fall_silent_and_take_over(former: Desk, standby: StandbyDesk) -> None:
    """Pull once more, as each second; then the former hub is gone, and a manager lets the standby lead."""
    pull(standby.hall, former.hall)
    assert standby.look() == [], "a standby tells nobody"
    promote(standby.hall.hub, PROMOTES)


def stands(hall: Hall) -> list[StandingAlarm]:
    with hall.hub.store.read() as connection:
        return standing_alarms(connection)


def paper_is_told(desk: Desk) -> None:
    desk.kiosk_says("paper-out")
    desk.look()
    assert len(desk.look(after_s=60)) == 1


def test_what_was_told_is_told_again_after_its_quarter_of_an_hour_and_no_sooner(
    desk: Desk, standby: StandbyDesk
) -> None:
    paper_is_told(desk)
    (told,) = stands(desk.hall)
    fall_silent_and_take_over(desk, standby)
    for after_s, expected in ((0, 0), (5, 0), (60, 0), (QUARTER - 70, 0), (6, 1), (QUARTER - 1, 0)):
        standby.hall.passes(after_s)
        standby.kiosk_says("paper-out")
        found = standby.look()
        assert len(found) == expected, after_s
        assert all(text.endswith(told.digits) for text in found)
    assert stands(standby.hall) == [told], "its beginning and its digits are as they were told"


def test_what_was_taken_is_told_no_more_until_it_stands_again(desk: Desk, standby: StandbyDesk) -> None:
    paper_is_told(desk)
    with desk.hall.hub.store.write() as connection:
        assert take(connection, desk.digits(), "clerk-1", desk.now)
    fall_silent_and_take_over(desk, standby)
    for _ in range(5):
        standby.hall.passes(QUARTER)
        standby.kiosk_says("paper-out")
        assert standby.look() == []
    assert [one.taken_by for one in stands(standby.hall)] == ["clerk-1"]
    standby.kiosk_says()
    assert standby.look(after_s=5) == []
    assert stands(standby.hall) == []
    standby.kiosk_says("paper-out")
    standby.look()
    assert len(standby.look(after_s=60)) == 1


def test_what_is_open_and_was_told_to_nobody_is_told_at_once(desk: Desk, standby: StandbyDesk) -> None:
    desk.modem.away = {"modem"}
    desk.kiosk_says("paper-out")
    desk.look()
    assert desk.look(after_s=60) == []
    assert [row.state for row in desk.rows()] == ["waiting"]
    fall_silent_and_take_over(desk, standby)
    assert len(standby.look()) == 1


def test_what_was_over_before_or_is_not_so_here_is_told_by_nobody(desk: Desk, standby: StandbyDesk) -> None:
    paper_is_told(desk)
    desk.is_on_battery = True
    desk.look()
    assert len(desk.look(after_s=120)) == 1
    pull(standby.hall, desk.hall)
    assert len(stands(standby.hall)) == 2
    desk.kiosk_says()
    desk.look(after_s=5)
    fall_silent_and_take_over(desk, standby)  # whose own power is there
    assert standby.look(after_s=QUARTER) == []
    assert stands(standby.hall) == []


def test_a_kiosk_that_was_silent_before_is_told_once_nobody_can_say_that_it_was_not_listened_to(
    desk: Desk, standby: StandbyDesk
) -> None:
    desk.kiosk_says(kiosk="kiosk-1")
    desk.look()
    assert len(desk.look(after_s=601)) == 1
    (told,) = stands(desk.hall)
    fall_silent_and_take_over(desk, standby)
    assert standby.look(after_s=5) == []
    assert standby.look(after_s=300) == []
    assert stands(standby.hall) == [told]
    assert len(standby.look(after_s=QUARTER)) == 1
    standby.kiosk_says(kiosk="kiosk-1")
    standby.look(after_s=5)
    assert stands(standby.hall) == []


def test_a_standby_whose_own_line_is_cut_too_says_nothing_twice_of_the_internet(
    desk: Desk, standby: StandbyDesk
) -> None:
    for one in (desk, standby):
        fails(one, "dns")
    desk.look()
    assert len(desk.look(after_s=1800)) == 2
    fall_silent_and_take_over(desk, standby)
    fails(standby, "tls")  # another reason, which begins only now
    assert standby.look() == []
    (_, english) = standby.look(after_s=QUARTER + 1)
    assert "No trusted answer" in english


def test_who_led_before_and_comes_back_knows_what_was_taken_meanwhile(desk: Desk, standby: StandbyDesk) -> None:
    paper_is_told(desk)
    fall_silent_and_take_over(desk, standby)
    with standby.hall.hub.store.write() as connection:
        assert take(connection, standby.digits(), "clerk-1", standby.now)
    with standby.hall.hub.read() as look:
        yield_to(desk.hall.hub, look.hub_id, look.term)
    pull(desk.hall, standby.hall)
    promote(desk.hall.hub, PROMOTES)
    desk.hall.passes(QUARTER)
    desk.kiosk_says("paper-out")
    assert desk.look() == []
    assert [one.taken_by for one in stands(desk.hall)] == ["clerk-1"]


def test_a_clock_a_little_behind_the_former_hubs_tells_nobody_twice(desk: Desk, standby: StandbyDesk) -> None:
    paper_is_told(desk)
    fall_silent_and_take_over(desk, standby)
    standby.hall.clock.wall -= timedelta(seconds=30)
    standby.kiosk_says("paper-out")
    assert standby.look() == []


def test_a_standby_counts_no_alarm_of_its_leader_as_its_own(desk: Desk, standby: StandbyDesk) -> None:
    def counted() -> bool:
        with standby.hall.hub.read() as look:
            page = Metrics().page(look, {}, None).decode()
            shown = manager_view(look, {}, {}).alarms
        assert len(shown) == ("hub_alarms_untaken 1.0" in page)
        return len(shown) == 1

    paper_is_told(desk)
    pull(standby.hall, desk.hall)
    assert not counted()
    promote(standby.hall.hub, PROMOTES)
    assert counted()


def test_a_hub_of_the_version_before_hands_on_nothing_and_takes_nothing_away(desk: Desk, standby: StandbyDesk) -> None:
    paper_is_told(desk)
    pull(standby.hall, desk.hall)
    before = stands(standby.hall)
    with desk.hall.hub.read() as look:
        page = log_page(look, last_seq(standby.hall))
    older = LogPage(page.hub, page.term, page.leading, page.line_us, page.head, page.before)
    take_page(standby.hall.hub, older, last_seq(standby.hall), standby.hall.clock.now())
    assert stands(standby.hall) == before
    assert len(before) == 1


def test_the_digits_are_taken_from_a_number_that_the_former_hub_told(desk: Desk, standby: StandbyDesk) -> None:
    paper_is_told(desk)  # to the technician alone
    pull(standby.hall, desk.hall, (OTHER_KEY, KEY))
    fall_silent_and_take_over(desk, standby)
    (told,) = stands(standby.hall)
    standby.hears(told.digits, "+963944999999")
    assert stands(standby.hall)[0].taken_by is None, "a number that nobody told"
    standby.hears(told.digits)
    assert stands(standby.hall)[0].taken_by == mark_of(TECHNICIAN, OTHER_KEY)


def test_who_was_told_before_two_takeovers_takes_it_still_and_is_forgotten_with_the_alarm(
    desk: Desk, standby: StandbyDesk
) -> None:
    paper_is_told(desk)
    pull(standby.hall, desk.hall, (OTHER_KEY, KEY))
    fall_silent_and_take_over(desk, standby)
    with desk.hall.hub.store.write() as connection:
        connection.execute(delete(tables.messages))
    with standby.hall.hub.read() as look:
        yield_to(desk.hall.hub, look.hub_id, look.term)
    pull(desk.hall, standby.hall, (KEY, OTHER_KEY))
    promote(desk.hall.hub, PROMOTES)
    desk.hears(stands(desk.hall)[0].digits)
    assert stands(desk.hall)[0].taken_by == mark_of(TECHNICIAN, KEY)


def test_who_was_told_is_handed_on_to_the_hub_that_asks_alone(desk: Desk, standby: StandbyDesk) -> None:
    paper_is_told(desk)
    asking, stranger = (
        HubRecord("hub-0009", "", base64.b64encode(key.public_key().public_bytes_raw()).decode())
        for key in (OTHER_KEY, Ed25519PrivateKey.from_private_bytes(b"x" * 32))
    )
    with desk.hall.hub.read() as look:
        pages = [with_told(log_page(look, 0), look, KEY, one) for one in (asking, stranger)]
    for page in pages:
        assert TECHNICIAN not in repr(page)
        assert desk.rows()[0].person not in repr(page.staff)
    with standby.hall.hub.read() as look:
        known, foreign = (
            as_own(page, look.connection, OTHER_KEY, HubRecord("h", "", base64.b64encode(PUBLIC).decode())).staff
            for page in pages
        )
    assert known is not None
    assert foreign is not None
    (alarm,) = known.told or {}
    assert (known.told, foreign.told) == ({alarm: [mark_of(TECHNICIAN, OTHER_KEY)]}, {alarm: []})


def test_no_mark_of_a_number_is_handed_on_but_of_who_took_it(desk: Desk) -> None:
    paper_is_told(desk)
    with desk.hall.hub.read() as look:
        page = log_page(look, 0)
    (row,) = desk.rows()
    assert page.staff is not None
    assert row.person not in repr(page.staff)
    assert row.text not in repr(page.staff)


def test_a_kiosk_that_falls_silent_is_told_of_by_the_process_that_has_not_taken_over_itself(
    tmp_path: Path,
) -> None:
    leading = open_hall(tmp_path / "hub-a")
    leading.passes(3 * 3600)
    standby = open_standby(tmp_path / "hub-b", leading.clock, {1: ["A", "B"]})
    name_staff(standby)
    forwards = Desk(Hall(open_hub(standby.hub.store, standby.clock, term=0), standby.clock), Modem())
    pull(standby, leading)
    promote(standby.hub, PROMOTES)
    standby.kiosks[1].give("A")
    with standby.act() as act:
        note_needs(act, "kiosk-2", [])
    assert forwards.look() == []
    sent = forwards.look(after_s=590) + forwards.look(after_s=30)
    assert len([text for text in sent if text.startswith("الجهاز 2 صامت")]) == 1
    for hall in (leading, standby):
        hall.hub.store.close()
