import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import update

from common.city.catalogue import Hours
from kiosk.desk.desk import Issued, new_intention
from kiosk.flows.context import Centre
from kiosk.flows.situation import Conditions
from kiosk.machine.power import PowerState, ServiceLevel
from kiosk.prompts.choosing import AboutServices, Done, MoreServices, ShowService, Start, TakeNumber
from kiosk.prompts.state import (
    Calling,
    CentreClosed,
    Closed,
    HelpOffer,
    HelpResult,
    NotNow,
    OutOfService,
    PowerGoing,
    QuotaFull,
    StillThere,
)
from kiosk.prompts.ticket import TakeTicket, TicketOnScreen
from kiosk.prompts.ui import (
    AskForHelp,
    Back,
    Home,
    OpenMaintenance,
    OutReason,
    StatusStrip,
    SwitchLanguage,
    Text,
    Trouble,
)
from offline_store.disk import tables
from tests.kiosk.maintenance.tools import audited
from tests.visits.lobby import Lobby, Staff
from tests.visits.scripted_ui import Happens, ScriptedUi, TooLate

TAP = TakeNumber("water-bill")


def central_confirms_the_call(lobby: Lobby) -> bool:
    """Have central confirm everything that waits, once the call is among it; whether it was."""
    if "help-called" not in [event for event, _ in audited(lobby.place.store)]:
        return False
    with lobby.place.store.write() as connection:
        connection.execute(update(tables.items).values(state="acknowledged"))
    return True


async def time_goes_on(lobby: Lobby) -> None:
    """Let time pass until the script has ended: how long the store's thread takes to look is the machine's to say."""
    while True:
        await asyncio.sleep(0.01)
        await lobby.time.advance(0.5)


async def test_where_no_paper_means_no_number_the_kiosk_says_so_and_recovers(lobby: Lobby) -> None:
    lobby.centre = Centre(lobby.centre.code, paperless=False)
    ui = await lobby.run(
        (Start, lobby.changes(printer=Trouble.PAPER_OUT)),
        (OutOfService(OutReason.PRINTER), lobby.changes(printer=None)),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    assert ui.last(TakeTicket).number == "C2001"


async def test_power_and_maintenance_stand_instead_of_the_start_screen(lobby: Lobby) -> None:
    await lobby.run(
        (Start, lobby.changes(out=OutReason.MAINTENANCE)),
        (OutOfService(OutReason.MAINTENANCE), lobby.changes(out=None)),
        (Start, lobby.changes(power=PowerState.LOW, power_service=ServiceLevel.STOPPING, battery_minutes=2)),
        (PowerGoing(2), lobby.changes(power=PowerState.MAINS, power_service=ServiceLevel.FULL, battery_minutes=None)),
        (Start, TAP),
        (TakeTicket, Done()),
    )


async def test_on_battery_orders_close_before_tickets(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, lobby.changes(power=PowerState.BATTERY, power_service=ServiceLevel.NO_ORDERS, battery_minutes=12)),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    assert [one.order.is_offered for one in ui.asked if isinstance(one, Start)] == [True, False, False]
    assert ui.strip is not None
    assert ui.strip.battery_minutes == 12


async def test_offline_is_a_mark_and_tickets_go_on(lobby: Lobby) -> None:
    lobby.conditions = Conditions(is_offline=True)
    ui = await lobby.run((Start, TAP), (TakeTicket, Done()))
    assert ui.last(TakeTicket).is_offline
    assert ui.strip is not None
    assert ui.strip.is_offline


async def test_a_kiosk_that_central_has_revoked_promises_no_return_and_blames_no_network(lobby: Lobby) -> None:
    lobby.conditions = Conditions(is_offline=True, out=OutReason.REVOKED)
    ui = await lobby.run((OutOfService, lobby.changes(out=OutReason.STORE)))
    revoked, full = (one for one in ui.asked if isinstance(one, OutOfService))
    assert Text("out.next") not in revoked.what_holds
    assert Text("out.check_number") in revoked.what_holds
    assert Text("out.next") in full.what_holds
    yesterdays = OutOfService(OutReason.NO_DAY).what_holds
    assert Text("out.next") not in yesterdays, "the numbers that it gave last are of another day"
    assert Text("out.check_number") in yesterdays
    assert not Conditions(is_offline=True, out=OutReason.REVOKED).strip({}).is_offline
    assert Conditions(is_offline=True, out=OutReason.STORE).strip({}).is_offline


async def test_a_strip_that_cannot_be_drawn_costs_nobody_a_number_and_is_no_fault_at_the_end(lobby: Lobby) -> None:
    class NoStrip(ScriptedUi):
        def set_strip(self, strip: StatusStrip) -> None:
            raise OSError(strip)

    await lobby.play(NoStrip((Start, TAP), (TakeTicket, Done())))
    assert len(lobby.numbers()) == 1


async def test_a_closed_centre_says_when_it_opens(lobby: Lobby) -> None:
    lobby.hours = lambda: Hours(opens="08:00", closes="11:00")
    ui = await lobby.run((CentreClosed, SwitchLanguage("en")))
    opens = ui.last(CentreClosed).opens
    assert opens is not None
    assert opens.values == {"day": date(2026, 11, 26), "opens": "08:00"}


async def test_a_centre_closes_while_its_start_screen_stands_and_opens_again(lobby: Lobby) -> None:
    def turn(hours: Hours | None, clock: str) -> Happens:
        def act() -> None:
            lobby.hours = lambda: hours
            lobby.situation.update(clock=clock)  # another minute

        return Happens(act)

    await lobby.run(
        (Start, turn(Hours(opens="08:00", closes="11:00"), "11:00")),
        (CentreClosed, turn(None, "08:00")),
        (Start, Home()),
    )


async def test_a_closed_centres_screen_goes_back_to_its_language_though_the_clock_goes_on(lobby: Lobby) -> None:
    lobby.hours = lambda: Hours(opens="08:00", closes="11:00")

    def a_minute_and_a_half() -> object:
        lobby.situation.update(clock="11:01")
        return lobby.time.advance(90)

    await lobby.run(
        (CentreClosed, SwitchLanguage("en")),
        (CentreClosed, lobby.passes(45)),
        (StillThere, "more_time"),
        (CentreClosed, Happens(a_minute_and_a_half)),
        (StillThere, Home()),
    )


async def test_a_kiosk_that_serves_nobody_changes_its_language_and_has_no_help_to_offer(lobby: Lobby) -> None:
    lobby.conditions = Conditions(out=OutReason.MAINTENANCE)
    ui = await lobby.run(
        (OutOfService, SwitchLanguage("en")),
        (OutOfService, AskForHelp()),
        (OutOfService, Back()),
        (OutOfService, lobby.passes(45)),
        (StillThere, lobby.passes(20)),
        (OutOfService, lobby.changes(out=None)),
        (Start, Home()),
    )
    assert [look.language for look in ui.looks[:4]] == ["ar", "en", "ar", "ar"]


async def test_closed_full_and_unknown_services_each_have_a_face(lobby: Lobby) -> None:
    def becomes(**field: Any) -> Callable[[], None]:
        return lambda: lobby.place.overlay({"code": "clearance", **field})

    def others_take_all() -> None:
        assert isinstance(lobby.place.desk.issue("clearance", intention=new_intention()), Issued)

    becomes(daily_quota=1)()
    tile, read = TakeNumber("clearance"), ShowService("clearance")
    await lobby.run((Start, TooLate(tile, others_take_all)), (QuotaFull, Done()))
    becomes(fee={"amount_minor": 0})()
    await lobby.run((Start, TooLate(tile, becomes(hours={"opens": "08:00", "closes": "09:00"}))), (Closed, Done()))
    becomes(fee={"amount_minor": 0})()
    await lobby.run((Start, TooLate(tile, becomes(offered=False))), (NotNow, Done()))
    becomes(fee={"amount_minor": 0})()
    await lobby.run(
        (Start, "about"), (AboutServices, TooLate(read, becomes(offered=False))), (NotNow, "help_ticket"),
        (TakeTicket, Done()),
    )  # fmt: skip
    assert lobby.place.items("ticket") == 2


async def test_a_store_that_takes_nothing_shows_no_number(lobby: Lobby) -> None:
    mark = lobby.place.store.data_dir / "store.damaged"
    mark.write_text("test", encoding="utf-8")
    ui = await lobby.run((Start, TAP), (NotNow, Done()))
    assert ui.last(NotNow).why.msgid == "fault.store"
    assert not ui.shown


async def test_a_fault_of_ours_is_logged_said_and_over(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, RuntimeError("secret 04010012345")), (NotNow, Done()), (Start, TAP), (TakeTicket, Done())
    )
    assert ui.last(NotNow).why.msgid == "fault.unexpected"


async def test_a_number_that_was_shown_survives_a_fault(lobby: Lobby) -> None:
    def fault() -> None:
        raise RuntimeError("printing broke")

    lobby.tray.on_print = fault
    ui = await lobby.run((Start, TAP), (TicketOnScreen, Done()))
    assert (ui.last(TicketOnScreen).number, ui.last(TicketOnScreen).trouble) == ("C2001", Trouble.FAULT)


async def test_faults_in_a_row_end_out_of_service_for_a_while_only(lobby: Lobby) -> None:
    fault = RuntimeError("display")
    await lobby.run(
        (Start, fault),
        (NotNow, Done()),
        (Start, fault),
        (NotNow, Done()),
        (Start, fault),
        (OutOfService(OutReason.UNEXPECTED), lobby.passes(30)),
        (Start, TAP),
        (TakeTicket, Done()),
    )


async def test_the_technicians_gesture_opens_maintenance_and_ends_the_visit(lobby: Lobby) -> None:
    ui = await lobby.run((Start, SwitchLanguage("en")), (Start, OpenMaintenance()), (Start, TAP), (TakeTicket, Done()))
    assert [look.language for look in lobby.maintained] == ["en"]
    assert ui.looks[-1].language == "ar"


async def test_no_call_is_offered_where_nobody_takes_it(lobby: Lobby) -> None:
    for staff in (None, Staff(is_there=False)):
        lobby.staff = staff
        ui = await lobby.run((Start, AskForHelp()), (HelpOffer(can_call=False), Back()), (Start, Home()))
        assert not [one for one in ui.shown if isinstance(one, Calling)]


async def test_a_call_is_seen_only_when_a_member_of_staff_says_so(lobby: Lobby) -> None:
    lobby.staff = staff = Staff()
    await lobby.run(
        (Start, AskForHelp()),
        (HelpOffer(can_call=True), "call"),
        (HelpResult("asked"), Happens(staff.acknowledged.set)),
        (HelpResult("seen"), Done()),
        (Start, Home()),
    )
    assert lobby.ui.last(Calling)
    assert len(staff.calls) == 1


async def test_after_two_minutes_without_an_answer_there_is_a_number_for_information(lobby: Lobby) -> None:
    lobby.staff = Staff()
    ui = await lobby.run(
        (Start, AskForHelp()),
        (HelpOffer, "call"),
        (HelpResult("asked"), lobby.passes(119)),
        (HelpResult("unanswered"), "help_ticket"),
        (TakeTicket, Done()),
        meanwhile=lambda: _a_second_more(lobby),
    )
    assert lobby.tray.out == [("X2001", False, "ar")]
    assert not [one for one in ui.asked if isinstance(one, StillThere)], "who waits for staff need touch nothing"


async def _a_second_more(lobby: Lobby) -> None:
    while lobby.time.now < 119:  # noqa: ASYNC110 (time that is moved by hand is no event)
        await asyncio.sleep(0)
    await lobby.time.advance(1)


async def test_a_call_that_nobody_took_leads_to_a_number_for_information(lobby: Lobby) -> None:
    lobby.staff = Staff(takes=False)
    await lobby.run(
        (Start, AskForHelp()), (HelpOffer, "call"), (HelpResult("not_sent"), "help_ticket"), (TakeTicket, Done())
    )
    assert lobby.tray.out == [("X2001", False, "ar")]


async def test_a_short_screen_waits_for_help_and_begins_anew_with_each_touch(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, TAP),
        (TakeTicket, AskForHelp()),
        (HelpOffer, lobby.passes(45)),
        (StillThere, "more_time"),
        (HelpOffer, Back()),
        (TakeTicket, Done()),
    )
    assert isinstance(ui.asked[-1], Start)


async def test_what_the_feed_changes_is_on_the_start_screen_within_half_a_minute(lobby: Lobby) -> None:
    def feed() -> object:
        lobby.place.overlay({"code": "water-bill", "offered": False})
        return lobby.time.advance(30)

    ui = await lobby.run((Start, Happens(feed)), (Start, Home()))
    first, second = [one for one in ui.asked if isinstance(one, Start)][:2]
    assert "water-bill" in {tile.service for tile in first.tiles}
    assert "water-bill" not in {tile.service for tile in second.tiles}


async def test_settings_that_change_are_on_the_start_screen_before_anybody_touches_it(lobby: Lobby) -> None:
    def other_tiles() -> object:
        lobby.centre = replace(lobby.centre, tiles=("clearance", "water-bill"))
        return lobby.time.advance(5)

    def only_with_paper() -> object:
        lobby.centre = replace(lobby.centre, paperless=False)
        return lobby.time.advance(5)

    lobby.conditions = Conditions(printer=Trouble.PAPER_OUT)
    ui = await lobby.run(
        (Start, Happens(other_tiles)),
        (Start, Happens(only_with_paper)),
        (OutOfService, lobby.changes(printer=None)),
        (Start, Home()),
    )
    shown = [one for one in ui.asked if isinstance(one, Start)][1]
    assert [tile.service for tile in shown.tiles] == ["clearance", "water-bill"]


async def test_help_returns_to_the_screen_it_was_asked_on(lobby: Lobby) -> None:
    await lobby.run(
        (Start, "more"),
        (MoreServices, AskForHelp()),
        (HelpOffer, Back()),
        (MoreServices, AskForHelp()),
        (HelpOffer, "help_ticket"),
        (TakeTicket, Done()),
        (MoreServices, TakeNumber("plan-copy")),
        (TakeTicket, Done()),
    )
    assert [number for number, _, _ in lobby.tray.out] == ["X2001", "B2001"]
