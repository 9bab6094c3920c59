"""Every screen in every state, with made-up values: what the screenshots draw and the audits walk."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import offline_store
from kiosk import prompts as p

CENTRE = {"ar": "مركز خدمة المواطن – حمص", "en": "Citizen Service Centre – Homs"}
_DATA = tomllib.loads((Path(offline_store.__file__).parent / "services.toml").read_text(encoding="utf-8"))
_SERVICES = {service["code"]: service for service in _DATA["services"]}
NAMES: dict[str, dict[str, str]] = {code: service["names"] for code, service in _SERVICES.items()}
_MAIN = tuple(code for code, service in _SERVICES.items() if service.get("main"))
_OFF = p.Availability(False, p.Text("service.closed_now"))
_NO_SCANNER = p.Availability(False, p.Text("fault.scanner"))
_ORDER: dict[str, Any] = {"names": NAMES["civil-affairs"], "order_number": "1204853967", "centre": CENTRE}
_NEXT_DAY = p.Text("result.from_next_day")


def tile(service: str, availability: p.Availability = p.OFFERED) -> p.Tile:
    """Return the tile of a service."""
    return p.Tile(service, NAMES[service], availability)


def start(**more: Any) -> p.Start:
    """Return the start screen with its six tiles."""
    return p.Start(tiles=tuple(tile(service) for service in _MAIN), **more)


def _pages() -> tuple[tuple[p.TileGroup, ...], ...]:
    groups = [
        p.TileGroup(code, names, tuple(tile(s) for s in NAMES if _SERVICES[s]["group"] == code and s not in _MAIN))
        for code, names in _DATA["groups"].items()
    ]
    groups = [group for group in groups if group.tiles]
    return (tuple(groups[:1]), tuple(groups[1:]))


def _results() -> dict[str, Any]:
    common = p.OrderResult
    return {
        "result-accepted": common("accepted", **_ORDER, detail=_NEXT_DAY, has_paper=True),
        "result-accepted-post": common("accepted", NAMES["civil-affairs"], "1204853967", has_paper=True),
        "result-accepted-no-receipt": common("accepted", **_ORDER, trouble=p.Trouble.PAPER_OUT),
        "result-accepted-reprint": common("accepted", **_ORDER, trouble=p.Trouble.JAM, can_reprint=True),
        "result-unpaid": common("accepted_unpaid", **_ORDER, ticket_number="A1027", has_paper=True),
        "result-unpaid-no-paper": common(
            "accepted_unpaid", **_ORDER, ticket_number="A1027", trouble=p.Trouble.PAPER_OUT
        ),
        "result-unverified": common("accepted_unverified", **_ORDER, ticket_number="A1028", has_paper=True),
        "result-ready": common("ready", **_ORDER, ticket_number="A1029", has_paper=True),
        "result-in-progress": common("in_progress", **_ORDER),
        "result-by-post": common("by_post", NAMES["civil-affairs"], "1204853967"),
        "result-collected": common("collected", **_ORDER, detail=p.Text("result.collected_on", {"date": "2026/11/20"})),
        "result-repeated": common("repeated", **_ORDER, has_paper=True),
        "result-other-centre": common("other_centre", **_ORDER),
        "result-unknown-service": common("unknown_service"),
        "result-expired": common("expired", **_ORDER, detail=p.Text("result.expired_on", {"date": "2026/11/01"})),
        "result-unreadable": common("unreadable"),
        "result-forged": common("forged"),
        "result-ask-counter": common("ask_counter"),
    }


def _orders() -> dict[str, Any]:
    names = NAMES["civil-affairs"]
    return {
        "hold-code": p.HoldCode(),
        "hold-code-failed": p.HoldCode(failures=1),
        "hold-code-pad-first": p.HoldCode(failures=2),
        "hold-code-help": p.HoldCode(failures=3, help_ticket=True),
        "hold-code-no-scanner": p.HoldCode(
            scanner=_NO_SCANNER, new_order=p.Availability(False, p.Text("fault.battery"))
        ),
        "type-number": p.TypeOrderNumber(),
        "type-number-wrong": p.TypeOrderNumber(wrong=True),
        "choose-document": p.ChooseDocument(
            tuple(tile(s) for s in ("civil-affairs", "state-employees", "judicial-record"))
        ),
        "choose-way": p.ChooseWay(names),
        "choose-way-no-card": p.ChooseWay(names, card=p.Availability(False, p.Text("fault.no_reader"))),
        "phone-order": p.PhoneOrder(names, "https://app.example/order?centre=homs-main&service=civil-affairs"),
        "present-card": p.PresentCard(names),
        "present-card-failed": p.PresentCard(names, 1, p.Text("present_card.no_identity")),
        "confirm-identity": p.ConfirmIdentity(first_name="سلمى", last_four="4821", names=names),
        "confirm-identity-covered": p.ConfirmIdentity(
            first_name="سلمى", last_four="4821", names=names, is_covered=True
        ),
        **_results(),
    }


def _tickets() -> dict[str, Any]:
    names, ticket = NAMES["civil-affairs"], p.TicketOnScreen
    return {
        "printing": p.PrintingTicket("A1014", names),
        "printing-receipt": p.PrintingTicket(None, names),
        "printing-copy": p.PrintingTicket("A1014", names, is_copy=True),
        "take-ticket": p.TakeTicket("A1014", names, people_before=11),
        "take-ticket-left-offline": p.TakeTicket("A1014", names, "left", p.Priority.ELDERLY, 3, is_offline=True),
        "take-ticket-copy": p.TakeTicket("A1014", names, "right", is_copy=True),
        "ticket-no-paper": ticket("A1014", names, p.Trouble.PAPER_OUT),
        "ticket-jam": ticket("A1014", names, p.Trouble.JAM),
        "ticket-cover-open": ticket("A1014", names, p.Trouble.COVER_OPEN, p.Priority.PREGNANT),
        "ticket-printer-lost": ticket("A1014", names, p.Trouble.PRINTER_LOST),
        "ticket-printer-fault": ticket("A1014", names, p.Trouble.FAULT),
        "ticket-unknown": ticket("A1014", names, p.Trouble.UNKNOWN, can_reprint=True),
        "ticket-reprint": ticket("A1014", names, p.Trouble.PAPER_OUT, can_reprint=True),
    }


def _states() -> dict[str, Any]:
    opens = p.Text("closed.opens_on", {"day": date(2026, 11, 26), "opens": "08:00"})
    out = {f"out-{reason.value.replace('_', '-')}": p.OutOfService(reason) for reason in p.OutReason}
    out["out-maintenance"] = p.OutOfService(
        p.OutReason.MAINTENANCE, p.Text("maintenance.public.until", {"time": "11:30"})
    )
    return {
        "still-there": p.StillThere(20),
        "help": p.HelpOffer(),
        "help-no-call": p.HelpOffer(p.Availability(False, p.Text("help.no_call"))),
        "help-calling": p.Calling(),
        "help-sent": p.HelpResult(True),
        "help-not-sent": p.HelpResult(False),
        "closed": p.CentreClosed(opens),
        "closed-service": p.Closed(NAMES["commercial-bank"], opens),
        "quota-full": p.QuotaFull(NAMES["judicial-record"]),
        "not-now": p.NotNow(p.Text("fault.battery")),
        "not-now-store": p.NotNow(p.Text("fault.store"), others_work=False),
        "starting": p.Starting(),
        "power-going": p.PowerGoing(4),
        **out,
    }


def _choosing() -> dict[str, Any]:
    papers = (
        {"ar": "البطاقة الشخصية الأصلية", "en": "Original identity card"},
        {"ar": "صورة عن دفتر العائلة", "en": "Copy of the family book"},
    )
    fee, hours = (
        p.Text("service.fee_amount", {"amount": "5,000"}),
        p.Text(
            "service.hours_but_weekend",
            {"opens": "08:00", "closes": "14:00"},
        ),
    )
    closed = tuple(tile(service, _OFF if service == _MAIN[-1] else p.OFFERED) for service in _MAIN)
    return {
        "start": start(),
        "start-priority": start(priority=p.Priority.ELDERLY),
        "start-one-closed": p.Start(closed, order=p.Availability(False, p.Text("fault.battery"))),
        "start-no-paper": start(notice=p.Text("start.paperless_notice")),
        "start-reprint": start(notice=p.Text("start.reprint_notice", {"number": "A1014"}), reprint_number="A1014"),
        "more-services": p.MoreServices(_pages()),
        "about-services": p.AboutServices(((p.TileGroup("main", {}, start().tiles),), *_pages())),
        "service-info": p.ServiceInfo(
            "civil-affairs", NAMES["civil-affairs"], papers, fee, hours, phone=p.OFFERED, card=p.OFFERED
        ),
        "service-info-closed": p.ServiceInfo("commercial-bank", NAMES["commercial-bank"], hours=hours, take=_OFF),
        "priority": p.ChoosePriority(),
        "priority-chosen": p.ChoosePriority(p.Priority.DISABLED),
    }


SAMPLES: Mapping[str, Any] = {**_choosing(), **_tickets(), **_orders(), **_states()}

STRIP = p.StatusStrip(CENTRE, "09:05")
STRIPS: Mapping[str, p.StatusStrip] = {
    "start-offline": p.StatusStrip(CENTRE, "09:05", is_offline=True),
    "start-on-battery": p.StatusStrip(CENTRE, "09:05", battery_minutes=12),
    "start-offline-on-battery": p.StatusStrip(CENTRE, None, is_offline=True, battery_minutes=0),
}
"""The start screen again under each mark of the strip."""
