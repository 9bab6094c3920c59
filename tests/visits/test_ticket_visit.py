import pytest
from sqlalchemy import select

from common.city.catalogue import Fee, load_catalogue
from common.machine.errors import StoreUnavailable
from kiosk.flows.ordering.fees import fee_text
from kiosk.prompts.choosing import (
    AboutServices,
    ChoosePriority,
    Done,
    MoreServices,
    ServiceInfo,
    ShowService,
    Start,
    TakeNumber,
)
from kiosk.prompts.state import HelpOffer, NotNow, StillThere
from kiosk.prompts.ticket import PrintingTicket, TakeTicket, TicketOnScreen, Voided
from kiosk.prompts.ui import AskForHelp, Back, Home, Priority, SetAccessible, SwitchLanguage, Text, Trouble
from offline_store.disk import tables
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Step

TAP = TakeNumber("water-bill")


READS: tuple[Step, ...] = ((Start, "about"), (AboutServices, ShowService("clearance")))


def _reads(lobby: Lobby) -> tuple[Step, ...]:
    """Return the way to the page of a service of which something is known."""
    lobby.place.overlay({"code": "clearance", "fee": {"amount_minor": 0}})
    return READS


async def test_one_touch_gives_a_number_and_a_paper(lobby: Lobby) -> None:
    ui = await lobby.run((Start, TAP), (TakeTicket, Done()))
    assert ui.last(PrintingTicket).number == "C2001"
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
    assert 1 <= len(pages) <= 2  # more, the next page, the tile
    assert all(sum(len(group.tiles) for group in page) <= 8 for page in pages)
    codes = {tile.service for page in pages for group in page for tile in group.tiles}
    assert codes | {tile.service for tile in ui.last(Start).tiles} == {
        service.code for service in lobby.place.catalogue.services
    }


@pytest.mark.parametrize("code", [service.code for service in load_catalogue().services])
async def test_every_service_gives_its_number_and_paper_in_three_touches(lobby: Lobby, code: str) -> None:
    service = lobby.place.catalogue.get(code)
    assert service is not None
    if service in lobby.place.catalogue.main():
        ui = await lobby.run((Start, TakeNumber(code)), (TakeTicket, Done()))
    else:
        ui = await lobby.run((Start, "more"), (MoreServices, TakeNumber(code)), (TakeTicket, Done()))
        pages = ui.last(MoreServices).pages
        assert code in {tile.service for page in pages for group in page for tile in group.tiles}
    assert ui.last(TakeTicket).number == f"{service.prefix}2001"
    assert len(lobby.tray.out) == 1


async def test_priority_is_marked_and_gone_with_the_visit(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, "priority"),
        (ChoosePriority(Priority.NONE), Priority.ELDERLY),
        (Start, TAP),
        (TakeTicket, Done()),
        (Start, TAP),
        (TakeTicket, Done()),
    )
    assert [one.has_priority for one in ui.asked if isinstance(one, TakeTicket)] == [True, False]
    starts = [one.priority for one in ui.asked if isinstance(one, Start)]
    assert starts == [Priority.NONE, Priority.ELDERLY, Priority.NONE, Priority.NONE]


async def test_back_goes_one_step_back_and_home_to_the_start(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, "more"), (MoreServices, Back()), *_reads(lobby), (ServiceInfo, Back()), (AboutServices, Back()),
        *READS, (ServiceInfo, Home()),
    )  # fmt: skip
    assert ui.forgotten == 1
    assert lobby.place.items("ticket") == 0


async def test_every_service_can_be_read_about_and_a_number_taken_after_that(lobby: Lobby) -> None:
    codes = [service.code for service in lobby.place.catalogue.services]
    lobby.place.overlay(*({"code": code, "fee": {"amount_minor": 0}} for code in codes))
    read = [step for code in codes for step in ((AboutServices, ShowService(code)), (ServiceInfo, Back()))]
    last = [(AboutServices, ShowService(codes[-1])), (ServiceInfo, TakeNumber(codes[-1]))]
    ui = await lobby.run((Start, "about"), *read, *last, (TakeTicket, Done()))
    assert [one.service for one in ui.asked if isinstance(one, ServiceInfo)] == [*codes, codes[-1]]
    pages = ui.last(AboutServices).pages
    main = [(tile.service, tile.names) for tile in ui.last(Start).tiles]
    assert [(tile.service, tile.names) for group in pages[0] for tile in group.tiles] == main
    assert all(sum(len(group.tiles) for group in page) <= 8 for page in pages)
    assert sorted(tile.service for page in pages for group in page for tile in group.tiles) == sorted(codes)
    assert lobby.place.items("ticket") == 1


async def test_a_service_that_is_closed_can_be_read_about(lobby: Lobby) -> None:
    change = {
        "code": "water-bill",
        "hours": {"opens": "00:00", "closes": "00:01"},
        "fee": {"amount_minor": 5_000_000, "pound": "old"},
    }
    lobby.place.overlay(change)
    ui = await lobby.run((Start, "about"), (AboutServices, ShowService("water-bill")), (ServiceInfo, Back()))
    offered = {tile.service: tile.availability.is_offered for tile in ui.last(Start).tiles}
    assert not offered["water-bill"]
    assert all(tile.availability.is_offered for group in ui.last(AboutServices).pages[0] for tile in group.tiles)
    info = ui.last(ServiceInfo)
    assert (info.take.is_offered, info.ask) == (False, None)
    assert info.fee == fee_text(Fee(50_000, pound="new"))


async def test_the_way_to_papers_and_fees_is_offered_only_where_something_is_known(lobby: Lobby) -> None:
    await lobby.run((Start, Home()))
    start = lobby.ui.last(Start)
    assert start.about is None
    lobby.place.overlay({"code": "water-bill", "fee": {"amount_minor": 0}})
    ui = await lobby.run((Start, "about"), (AboutServices, ShowService("water-bill")), (ServiceInfo, Home()))
    start, about = ui.last(Start), ui.last(AboutServices)
    assert start.about == Text("start.about")
    assert [tile.service for page in about.pages for group in page for tile in group.tiles] == ["water-bill"]


async def test_who_reads_about_a_service_of_which_nothing_is_known_is_told_where_to_ask(lobby: Lobby) -> None:
    lobby.place.overlay({"code": "clearance", "hours": {"opens": "08:00", "closes": "14:00"}})
    ui = await lobby.run(*READS, (ServiceInfo, Home()))
    assert ui.last(ServiceInfo).ask == Text("service.ask")
    assert ui.last(ServiceInfo).ask in ui.last(ServiceInfo).spoken


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
    ui = await lobby.run(*_reads(lobby), *warnings, (ServiceInfo, TakeNumber("clearance")), (TakeTicket, Done()))
    assert sum(isinstance(one, StillThere) for one in ui.asked) == 10
    assert ui.last(StillThere).seconds >= 20


async def test_nobody_there_wipes_the_visit(lobby: Lobby) -> None:
    ui = await lobby.run(*_reads(lobby), (ServiceInfo, lobby.passes(45)), (StillThere, lobby.passes(20)))
    assert ui.forgotten == 1
    assert isinstance(ui.asked[-1], Start)


async def test_the_warning_leaves_twenty_seconds(lobby: Lobby) -> None:
    ui = await lobby.run(*_reads(lobby), (ServiceInfo, lobby.passes(45)), (StillThere, lobby.passes_and_ends(19.9)))
    assert isinstance(ui.asked[-1], StillThere)


async def test_a_wrong_touch_is_taken_back_within_eight_seconds(lobby: Lobby) -> None:
    ui = await lobby.run((Start, TAP), (TakeTicket, "undo"), (Voided, Done()), (Start, TAP), (TakeTicket, Done()))
    assert (ui.last(Voided).number, ui.last(Voided).has_paper, ui.last(Voided).is_marked) == ("C2001", True, True)
    assert [what for what, *_ in lobby.tray.out] == ["C2001", "void C2001", "C2002"]
    assert lobby.numbers() == ["C2001", "C2002"], "a voided number is never given again"
    with lobby.place.store.read() as connection:
        voided = list(connection.execute(select(tables.tickets.c.voided).order_by(tables.tickets.c.row)).scalars())
    assert voided == ["undone", None]


async def test_a_slip_that_does_not_come_out_is_not_spoken_of(lobby: Lobby) -> None:
    troubles = iter((None, Trouble.JAM))
    lobby.tray.on_print = lambda: setattr(lobby.tray, "trouble", next(troubles))
    ui = await lobby.run((Start, TAP), (TakeTicket, "undo"), (Voided, Done()))
    assert (ui.last(Voided).has_paper, ui.last(Voided).is_marked) == (True, False)


async def test_a_number_on_the_screen_alone_can_be_taken_back_too_and_waits_for_no_paper_then(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.JAM
    ui = await lobby.run(
        (Start, TAP), (TicketOnScreen, "undo"), (Voided, Done()), (Start, AskForHelp()), (HelpOffer, Back())
    )
    assert not ui.last(Voided).has_paper
    assert not ui.last(HelpOffer).can_find


async def test_a_number_taken_back_whose_paper_nobody_confirmed_says_what_such_a_paper_is_worth(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.UNKNOWN
    ui = await lobby.run((Start, TAP), (TicketOnScreen, "undo"), (Voided, Done()))
    assert Text("voided.maybe_paper") in ui.last(Voided).what_to_do


async def test_after_eight_seconds_nothing_is_taken_back(lobby: Lobby) -> None:
    lobby.tray.trouble = Trouble.JAM
    ui = await lobby.run((Start, TAP), (TicketOnScreen, lobby.passes(8)), (TicketOnScreen, Done()))
    assert [one.can_undo for one in ui.asked if isinstance(one, TicketOnScreen)] == [True, False]
    with lobby.place.store.read() as connection:
        assert connection.execute(select(tables.tickets.c.voided)).scalars().all() == [None]


async def test_priority_can_be_said_after_the_number_without_a_second_one(lobby: Lobby) -> None:
    ui = await lobby.run(
        (Start, TAP),
        (TakeTicket, "priority"),
        (ChoosePriority, Back()),
        (TakeTicket, "priority"),
        (ChoosePriority, Priority.DISABLED),
        (TakeTicket, Done()),
    )
    assert ui.last(TakeTicket).has_priority
    assert not ui.last(TakeTicket).can_say_priority
    assert lobby.numbers() == ["C2001"]
    with lobby.place.store.read() as connection:
        assert connection.execute(select(tables.tickets.c.priority)).scalars().all() == ["disabled"]
    assert lobby.place.items("audit") == 3  # the store was opened, the day, the priority


async def test_a_priority_that_could_not_be_noted_is_said_to_be_missing(
    lobby: Lobby, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr("kiosk.desk.desk.set_priority", refuse)
    ui = await lobby.run(
        (Start, TAP),
        (TakeTicket, "priority"),
        (ChoosePriority, Priority.DISABLED),
        (NotNow, Done()),
        (TakeTicket, Done()),
    )
    assert ui.last(NotNow).why == Text("fault.priority_not_noted")
    assert not ui.last(TakeTicket).has_priority
