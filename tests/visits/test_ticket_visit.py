import asyncio

from sqlalchemy import update

from kiosk.catalogue import Hours
from kiosk.conditions import Conditions
from kiosk.flows.context import Centre
from kiosk.power import PowerState, Service
from kiosk.prompts import (
    AskForHelp,
    Back,
    ChoosePriority,
    Closed,
    Done,
    HelpOffer,
    HelpResult,
    Home,
    MoreServices,
    NotNow,
    OpenMaintenance,
    OutOfService,
    OutReason,
    PowerGoing,
    Printing,
    Priority,
    QuotaFull,
    ServiceInfo,
    SetAccessible,
    ShowService,
    Start,
    StillThere,
    SwitchLanguage,
    TakeNumber,
    TakeTicket,
    TicketOnScreen,
    Trouble,
    Working,
)
from offline_store import tables
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens

TAP = TakeNumber("water-bill")


def acknowledge_calls(lobby: Lobby) -> int:
    """Have central confirm everything that waits, once the call is among it; how much that was."""
    with lobby.place.store.write() as connection:
        if not lobby.ui.shown:
            return 0
        waiting = update(tables.items).where(tables.items.c.state == "waiting", tables.items.c.kind == "audit")
        return connection.execute(waiting.values(state="acknowledged")).rowcount


async def test_one_touch_gives_a_number_and_a_paper(lobby: Lobby) -> None:
    ui = await lobby.run((Start, TAP), (TakeTicket, Done()))
    assert ui.last(Printing).number == "C2001"
    assert ui.last(TakeTicket).number == "C2001"
    assert lobby.tray.out == [("C2001", False, "ar")]
    assert ui.forgotten == 1


async def test_the_number_is_on_disk_before_it_is_shown(lobby: Lobby) -> None:
    seen: list[int] = []
    lobby.tray.on_print = lambda: seen.append(lobby.place.items("ticket"))
    await lobby.run((Start, TAP), (TakeTicket, Done()))
    assert seen == [1]


async def test_the_start_screen_comes_back_by_itself_after_eight_seconds(lobby: Lobby) -> None:
    early = await lobby.run((Start, TAP), (TakeTicket, lobby.passes_and_ends(7.9)))
    assert isinstance(early.asked[-1], TakeTicket)
    ui = await lobby.run((Start, TAP), (TakeTicket, lobby.passes(8)))
    assert isinstance(ui.asked[-1], Start)


async def test_a_service_of_the_second_page_takes_three_touches(lobby: Lobby) -> None:
    ui = await lobby.run((Start, "more"), (MoreServices, TakeNumber("commercial-bank")), (TakeTicket, Done()))
    pages = ui.last(MoreServices).pages
    assert len(pages) == 2  # more, the next page, the tile
    assert all(sum(len(group.tiles) for group in page) <= 8 for page in pages)
    codes = {tile.service for page in pages for group in page for tile in group.tiles}
    assert codes | {tile.service for tile in ui.last(Start).tiles} == {
        service.code for service in lobby.place.catalogue.services
    }


async def test_priority_is_marked_and_gone_with_the_visit(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, "priority"),
        (ChoosePriority(Priority.NONE), Priority.ELDERLY),
        (Start, TAP),
        (TakeTicket, Done()),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    assert [one.priority for one in ui.asked if isinstance(one, TakeTicket)] == [Priority.ELDERLY, Priority.NONE]
    starts = [one.priority for one in ui.asked if isinstance(one, Start)]
    assert starts == [Priority.NONE, Priority.ELDERLY, Priority.NONE, Priority.NONE]


async def test_back_goes_one_step_back_and_home_to_the_start(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, "more"),
        (MoreServices, ShowService("clearance")),
        (ServiceInfo, Back()),
        (MoreServices, Back()),
        (Start, ShowService("clearance")),
        (ServiceInfo, Home()),
    )
    assert ui.forgotten == 1
    assert lobby.place.items("ticket") == 0


async def test_a_language_redraws_the_same_prompt_and_is_reset_after_the_visit(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, SwitchLanguage("en")), (Start, TAP), (TakeTicket, SwitchLanguage("ar")), (TakeTicket, Done())
    )
    assert [look.language for look in ui.looks] == ["ar", "en", "ar", "ar"]
    assert lobby.tray.out == [("C2001", False, "en")]


async def test_the_accessible_mode_is_reset_after_the_visit(lobby: Lobby) -> None:
    ui = await lobby.run((Start, SetAccessible(True)), (Start, TAP), (TakeTicket, lobby.passes(20)))
    assert [look.is_accessible for look in ui.looks] == [False, True, False]


async def test_a_language_left_behind_is_reset_after_a_warning(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, SwitchLanguage("en")), (Start, lobby.passes(45)), (StillThere, lobby.passes(20)), (Start, Back())
    )
    assert ui.looks[-1].language == "ar"


async def test_the_untouched_start_screen_waits_for_ever(lobby: Lobby) -> None:
    ui = await lobby.run((Start, lobby.passes_and_ends(36_000)))
    assert [type(one) for one in ui.asked] == [Start]


async def test_a_warning_comes_before_the_end_and_can_be_answered_ten_times(lobby: Lobby) -> None:
    warnings = []
    limit = 45.0
    for _ in range(10):
        warnings += [(ServiceInfo, lobby.passes(limit)), (StillThere, "more_time")]
        limit = min(limit * 2, 600)
    ui = await lobby.run(
        (Start, ShowService("clearance")), *warnings, (ServiceInfo, TakeNumber("clearance")), (TakeTicket, Done())
    )
    assert sum(isinstance(one, StillThere) for one in ui.asked) == 10
    assert ui.last(StillThere).seconds >= 20


async def test_nobody_there_wipes_the_visit(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, ShowService("clearance")), (ServiceInfo, lobby.passes(45)), (StillThere, lobby.passes(20))
    )
    assert ui.forgotten == 1
    assert isinstance(ui.asked[-1], Start)


async def test_the_warning_leaves_twenty_seconds(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, ShowService("clearance")), (ServiceInfo, lobby.passes(45)), (StillThere, lobby.passes_and_ends(19.9))
    )
    assert isinstance(ui.asked[-1], StillThere)


async def test_printer_out_of_paper_keeps_the_number_and_offers_the_paper_when_it_is_back(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.PAPER_OUT
    lobby.conditions = Conditions(printer=Trouble.PAPER_OUT)

    def paper_is_back() -> None:
        lobby.tray.trouble = None
        lobby.situation.update(printer=None)

    ui = await lobby.run(
        (Start, TAP),
        (TicketOnScreen, Happens(paper_is_back)),
        (TicketOnScreen, "reprint"),
        (TakeTicket, Done()),
    )
    first, second = [one for one in ui.asked if isinstance(one, TicketOnScreen)]
    assert (first.number, first.trouble, first.can_reprint) == ("C2001", Trouble.PAPER_OUT, False)
    assert (second.number, second.can_reprint) == ("C2001", True)
    assert ui.last(TakeTicket).is_copy
    assert lobby.tray.out == [("C2001", True, "ar")]
    assert lobby.place.items("ticket") == 1
    assert ui.last(Start).notice is None


async def test_who_waits_in_the_lobby_finds_the_paper_on_the_start_screen_once(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.JAM
    lobby.conditions = Conditions(printer=Trouble.JAM)

    def mended() -> None:
        lobby.tray.trouble = None
        lobby.situation.update(printer=None)

    ui = await lobby.run(
        (Start, TAP),
        (TicketOnScreen, Done()),
        (Start, Happens(mended)),
        (Start, TakeNumber("clearance")),  # somebody else's ticket takes nothing away
        (TakeTicket, Done()),
        (Start, "reprint"),
        (TakeTicket, Done()),
    )
    offers = [one.reprint_number for one in ui.asked if isinstance(one, Start)]
    assert offers == [None, None, "C2001", "C2001", None]
    assert lobby.tray.out == [("B2001", False, "ar"), ("C2001", True, "ar")]


async def test_a_paper_that_nobody_confirmed_is_called_unknown(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.UNKNOWN
    ui = await lobby.run((Start, TAP), (TicketOnScreen, Done()))
    assert ui.last(TicketOnScreen).trouble is Trouble.UNKNOWN
    assert ui.last(TicketOnScreen).can_reprint


async def test_a_reprint_that_fails_is_not_offered_again(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.COVER_OPEN
    ui = await lobby.run((Start, TAP), (TicketOnScreen, "reprint"), (TicketOnScreen, Done()))
    assert not ui.last(TicketOnScreen).can_reprint
    assert ui.last(Start).reprint_number is None


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
        (Start, lobby.changes(power=PowerState.LOW, power_service=Service.STOPPING, battery_minutes=2)),
        (PowerGoing(2), lobby.changes(power=PowerState.MAINS, power_service=Service.FULL, battery_minutes=None)),
        (Start, TAP),
        (TakeTicket, Done()),
    )


async def test_on_battery_orders_close_before_tickets(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, lobby.changes(power=PowerState.BATTERY, power_service=Service.NO_ORDERS, battery_minutes=12)),
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


async def test_a_closed_centre_says_when_it_opens(lobby: Lobby) -> None:
    lobby.hours = lambda: Hours(opens="08:00", closes="11:00")
    ui = await lobby.run((Closed, SwitchLanguage("en")))
    closed = ui.last(Closed)
    assert closed.names is None
    assert closed.opens is not None
    assert closed.opens.values == {"date": "2026/11/26", "opens": "08:00"}


async def test_closed_full_and_unknown_services_each_have_a_face(lobby: Lobby) -> None:
    lobby.place.overlay(
        {"code": "water-bill", "hours": {"opens": "08:00", "closes": "09:00"}},
        {"code": "clearance", "daily_quota": 1},
    )
    await lobby.run(
        (Start, TakeNumber("clearance")),
        (TakeTicket, Done()),
        (Start, TakeNumber("clearance")),
        (QuotaFull, Done()),
        (Start, TakeNumber("water-bill")),
        (Closed, Done()),
        (Start, TakeNumber("gone")),
        (NotNow, Done()),
        (Start, ShowService("gone")),
        (NotNow, Done()),
    )
    assert lobby.place.items("ticket") == 1


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


async def test_a_call_for_staff_counts_as_sent_only_when_central_has_it(lobby: Lobby) -> None:
    async def central_answers() -> None:
        while not acknowledge_calls(lobby):  # noqa: ASYNC110 (the store has no event to wait for)
            await asyncio.sleep(0.01)
        await lobby.time.advance(1)

    ui = await lobby.run(
        (Start, AskForHelp()), (HelpOffer, "call"), (HelpResult(True), Done()), (Start, Home()),
        meanwhile=central_answers,
    )  # fmt: skip
    assert ui.last(Working).what == "calling"


async def test_a_call_that_central_has_not_confirmed_in_time_was_not_sent(lobby: Lobby) -> None:
    async def nobody_answers() -> None:
        while not lobby.ui.shown:  # noqa: ASYNC110 (a notice is no event)
            await asyncio.sleep(0.01)
        for _ in range(40):
            await asyncio.sleep(0.01)
            await lobby.time.advance(0.5)

    await lobby.run(
        (Start, AskForHelp()), (HelpOffer, "call"), (HelpResult(False), Done()), (Start, Home()),
        meanwhile=nobody_answers,
    )  # fmt: skip


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


async def test_without_network_a_call_was_not_sent(lobby: Lobby) -> None:
    lobby.conditions = Conditions(is_offline=True)
    await lobby.run((Start, AskForHelp()), (HelpOffer, "call"), (HelpResult(False), Done()), (Start, Home()))


async def test_help_returns_to_the_screen_it_was_asked_on(lobby: Lobby) -> None:
    await lobby.run(
        (Start, ShowService("clearance")),
        (ServiceInfo, AskForHelp()),
        (HelpOffer, Back()),
        (ServiceInfo, AskForHelp()),
        (HelpOffer, "help_ticket"),
        (TakeTicket, Done()),
        (ServiceInfo, TakeNumber("clearance")),
        (TakeTicket, Done()),
    )
    assert [number for number, _, _ in lobby.tray.out] == ["2001", "B2001"]
