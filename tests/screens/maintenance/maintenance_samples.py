"""Every technician's screen, T1 to T13, with made-up values: what the screenshots draw and the audits walk."""

from typing import Any

from kiosk.maintenance import prompts as m
from kiosk.maintenance.evidence.logbook import event_words
from kiosk.prompts.ui import OFFERED, Availability, Text
from tests.screens.samples import NAMES


def _t(msgid: str, **values: Any) -> Text:
    return Text(f"maintenance.{msgid}", values)


def _off(msgid: str) -> Availability:
    return Availability(False, _t(msgid))


def _panel(
    panel: str, lines: tuple[m.Line, ...] = (), *buttons: m.Button, title: str = "", note: Text | None = None
) -> m.Panel:
    return m.Panel(panel, _t(title or f"place.{panel}"), lines, buttons, note)


_GOOD, _ATTENTION, _BAD = m.Tone.GOOD, m.Tone.ATTENTION, m.Tone.BAD
_UNKNOWN, _PLAIN, _STALE = m.Tone.UNKNOWN, m.Tone.PLAIN, m.Tone.STALE
_PLACES = ("paper", "tests", "tickets", "outbox", "settings", "network", "power", "counters", "logs", "audit", "out")


def _topic(topic: str, word: Text, tone: m.Tone, age_s: int | None = None, note: Text | None = None) -> m.Line:
    return m.Line(_t(f"topic.{topic}"), word, tone, f"status:{topic}", age_s, note)


_OVERVIEW = (
    _topic("printer", _t("device.Online"), _GOOD, 1),
    _topic("paper", _t("paper.left", n=7), _ATTENTION, 1),
    _topic("scanner", _t("device.NoDevice"), _BAD, 2),
    _topic("card_reader", _t("device.Online"), _STALE, 312),
    _topic("touch", _t("untested"), _UNKNOWN),
    _topic("network", _t("network.up", address="192.168.20.14"), _GOOD, 0),
    _topic("central", _t("failure.connection-refused"), _BAD, 7_300),
    _topic("outbox", _t("outbox.waiting", n=143), _ATTENTION, 3, _t("oldest.hours", n=5)),
    _topic("clock", _t("clock.restored"), _ATTENTION, 3),
    _topic("disk", _t("disk.free", gb="41.7"), _GOOD, 3),
    _topic("power", _t("power.battery_charge", charge=64), _ATTENTION, 3),
    _topic("store", _t("store.good"), _GOOD, 3),
    _topic("version", _t("value", value="0.1.0"), _PLAIN),
)
_TICKETS = tuple(
    m.Line(number, _t(f"print.{state}"), tone, number)
    for number, state, tone in (
        ("B2017", "unknown", _ATTENTION),
        ("A2031", "not_printed", _BAD),
        ("A2033", "printed", _GOOD),
        ("C2009", "printed", _GOOD),
        ("A2032", "none", _PLAIN),
        ("D2002", "printed", _GOOD),
    )
)
_SETTINGS = tuple(
    m.Line(_t(f"setting.{key}"), value, tone, key, note=_t(f"origin.{origin}"))
    for key, value, tone, origin in (
        ("speech.volume", "70", _PLAIN, "default"),
        ("kiosk.languages", "العربية", _PLAIN, "file"),
        ("kiosk.opens", "08:00", _ATTENTION, "here"),
        ("kiosk.closes", "14:30", _PLAIN, "feed"),
        ("kiosk.paperless", _t("yes"), _PLAIN, "default"),
        ("devices.printer.profile", "epson-tm-t20iii", _PLAIN, "file"),
        ("screen.paper_slot", _t("choice.below"), _PLAIN, "default"),
        ("screen.orientation", _t("choice.portrait"), _PLAIN, "file"),
    )
)
_NETWORK = (
    m.Line("enp2s0", _t("network.wired_up"), _GOOD),
    m.Line(_t("network.address", interface="enp2s0"), "192.168.20.14", note=_t("network.dhcp")),
    m.Line(_t("network.gateway", interface="enp2s0"), "192.168.20.1"),
    m.Line(_t("network.dns"), "192.168.20.1"),
    m.Line(_t("topic.central"), "https://central.example"),
)
_COUNTERS = tuple(
    m.Line(_t(f"counter.{name}"), value)
    for name, value in (
        ("tickets", "18,204  (18,204)"),
        ("orders", "3,911  (3,911)"),
        ("paper_mm", "2,640  (73)"),
        ("papers", "22,310  (640)"),
        ("scans_good", "4,020  (115)"),
        ("scans_bad", "87  (2)"),
        ("restarts", "212  (6)"),
        ("crashes", "1  (0)"),
        ("stalls", "0  (0)"),
        ("power_cuts", "205  (6)"),
        ("battery_s", "38  (1)"),
    )
)
_LOG = tuple(
    m.Line(f"2026/11/25 0{hour}:12:40", event_words(event), tone, detail=detail)
    for hour, event, detail, tone in (
        (9, "print", "printer", _PLAIN),
        (8, "device-driver-failed", "scanner · unplugged", _ATTENTION),
        (8, "delivery-failing", "network", _ATTENTION),
        (7, "urllib3: a library's own line", "", _PLAIN),
        (6, "store-unavailable", "the disk is full", _BAD),
    )
)
_AUDIT = (
    m.Line(_t("audit.whole"), tone=_GOOD),
    *(
        m.Line(moment, event_words(event), detail=detail)
        for moment, event, detail in (
            ("2026/11/25 09:10:02", "technician-entered", "technician=samer role=technician (18203)"),
            ("2026/11/25 08:55:41", "business-day-opened", "date=2026-11-25 by=feed day=41 (18190)"),
            ("2026/11/24 13:20:11", "paper-changed", "technician=samer (18102)"),
        )
    ),
)


def _button(name: str, msgid: str, availability: Availability = OFFERED, *, is_grave: bool = False) -> m.Button:
    return m.Button(name, _t(msgid), availability, is_grave)


MAINTENANCE_SAMPLES: dict[str, Any] = {
    "t1-pin": m.EnterPin(),
    "t1-pin-wrong": m.EnterPin(wrong=True, left=2),
    "t1-pin-checking": m.Checking(_t("pin.checking")),
    "t2-overview": m.Panel(
        "overview",
        _t("overview.states"),
        _OVERVIEW,
        tuple(_button(p, f"place.{p}") for p in _PLACES),
        heading=_t("overview.places"),
    ),
    "t2-status": m.Panel(
        "status",
        _t("topic.printer"),
        (m.Line(_t("topic.printer"), _t("device.HardwareError"), _BAD), m.Line(_t("detail"), "cutter")),
        note=_t("advice.device_HardwareError"),
    ),
    "t3-tests": _panel(
        "tests",
        (
            m.Line(_t("test.page"), _t("result.good"), _GOOD),
            m.Line(_t("test.scan"), _t("untested"), _UNKNOWN),
            m.Line(_t("test.card"), _t("untested"), _UNKNOWN),
            m.Line(_t("test.touch"), _t("result.bad"), _BAD),
            m.Line(_t("test.sound"), _t("untested"), _UNKNOWN),
            m.Line(_t("test.display"), _t("result.good"), _GOOD),
        ),
        _button("page", "test.page"),
        _button("scan", "test.scan"),
        _button("card", "test.card", _off("not_fitted")),
        _button("touch", "test.touch"),
        _button("sound", "test.sound", _off("no_sound")),
        _button("display", "test.display"),
    ),
    "t3-scan": _panel("test_scan", title="test.scan", note=_t("hold.scan")),
    "t3-judge": _panel(
        "judge",
        (m.Line(_t("yes"), id="yes", tone=_GOOD), m.Line(_t("no"), id="no", tone=_BAD)),
        title="test.page",
        note=_t("judge.page"),
    ),
    "t3-result": _panel(
        "test_result",
        (m.Line(_t("test.touch"), _t("tested.good"), _GOOD), m.Line(_t("detail"), "3.2 mm")),
        title="test.touch",
    ),
    "t3-page": _panel("test_page", (), _button("unread", "page.unread"), title="test.page", note=_t("hold.page")),
    "t3-page-unread": _panel(
        "test_result",
        (m.Line(_t("test.page"), _t("tested.bad"), _BAD), m.Line(_t("detail"), _t("page.now_pictures"))),
        title="test.page",
    ),
    "t3-touch": m.TouchTarget(0.5, 0.5, 5, 9),
    "t3-picture-grid": m.TestPicture("grid"),
    "t4-paper-open": m.PaperStep("open", 1, 4, state=_t("paper.Out")),
    "t4-paper-remove": m.PaperStep("remove", 2, 4, state=_t("paper.Out")),
    "t4-paper-insert": m.PaperStep("insert", 3, 4, state=_t("paper.Out")),
    "t4-paper-close": m.PaperStep("close", 4, 4, _off("paper.no_paper_yet"), _t("paper.Out")),
    "t5-tickets": _panel(
        "tickets",
        _TICKETS,
        _button("find", "tickets.find"),
        _button("orders", "orders.title"),
        _button("waiting-list", "tickets.print_waiting"),
        _button("hall-list", "hall_list.title"),
        note=_t("tickets.count", n=46),
    ),
    "t5-hall-list": _panel(
        "hall_list",
        (m.Line(_t("hall_list.as_of"), "10:05"), m.Line(_t("hall_list.waiting"), "37")),
        _button("print", "hall_list.print"),
        title="hall_list.title",
        note=_t("hall_list.once"),
    ),
    "t5-find": m.FindTicket(),
    "t5-ticket": m.Panel(
        "ticket",
        _t("tickets.one", number="B2017"),
        (
            m.Line(_t("tickets.service"), _t("words", words=NAMES["clearance"])),
            m.Line(_t("tickets.day"), "2026/11/25"),
            m.Line(_t("tickets.paper"), _t("print.unknown"), _ATTENTION),
            m.Line(_t("tickets.id"), "0b3f6c1e"),
        ),
        (_button("reprint", "tickets.reprint"), _button("void", "tickets.void", is_grave=True)),
    ),
    "t5-order": m.Panel(
        "order",
        _t("orders.one", number="4820170933"),
        (
            m.Line(_t("tickets.service"), _t("words", words=NAMES["civil-affairs"])),
            m.Line(_t("orders.outcome"), _t("orders.accepted")),
            m.Line(_t("orders.recorded"), "2026/11/25 09:05"),
            m.Line(_t("tickets.paper"), _t("print.printed"), _GOOD),
            m.Line(_t("tickets.id"), "0b3f6c1e"),
        ),
        (_button("reprint", "tickets.reprint", _off("orders.scan_again")),),
    ),
    "t5-outbox": _panel(
        "outbox",
        (
            m.Line(_t("outbox.waiting_label"), "143", note=_t("oldest.hours", n=5)),
            m.Line(_t("outbox.success_label"), age_s=18_060),
            m.Line(_t("outbox.error_label"), _t("failure.no-route"), _BAD),
            m.Line(_t("detail"), "no way leads to central: cable, address or gateway"),
            m.Line(_t("outbox.dead_label"), "1", _BAD),
        ),
        _button("try_now", "outbox.try_now"),
        _button("export", "outbox.export", _off("stick.none")),
        _button("dead", "outbox.show_dead"),
    ),
    "t5-refused": _panel(
        "dead",
        (
            m.Line("B2017", _t("dead.sequence-taken"), _BAD, "a", note=_t("value", value="conflict: sequence-taken")),
            m.Line("audit 0b3f6c1e", _t("dead.bad-hash"), _BAD, "b", note=_t("value", value="rejected: bad-hash")),
        ),
        title="outbox.show_dead",
        note=_t("outbox.dead_note"),
    ),
    "t6-logs": _panel(
        "logs", _LOG, _button("filter", "logs.show_warning"), _button("export", "logs.export", _off("stick.none"))
    ),
    "t7-settings": _panel("settings", _SETTINGS),
    "t7-choose": _panel(
        "choose",
        tuple(m.Line(str(each), tone=_GOOD if each == 30 else _PLAIN, id=str(each)) for each in range(0, 101, 10)),
        _button("take_back", "setting_take_back"),
        title="setting.speech.volume",
    ),
    "t7-keep": m.KeepChange(_t("setting.screen.orientation")),
    "t8-network": _panel(
        "network",
        _NETWORK,
        _button("try", "network.try"),
        _button("change", "network.change"),
    ),
    "t8-network-set-elsewhere": _panel(
        "network",
        (m.Line("enp2s0", _t("network.wired_down"), _BAD), m.Line(_t("network.dns"), _t("none"))),
        _button("try", "network.try"),
        _button("change", "network.change", _off("network.no_manager")),
        note=_t("network.set_elsewhere"),
    ),
    "t8-trying": _panel(
        "trying",
        (m.Line(_t("topic.central"), _t("network.no_answer_for", n=12), _UNKNOWN),),
        title="place.network",
    ),
    "t8-tried": _panel(
        "tried",
        (
            m.Line(_t("topic.central"), _t("failure.connection-refused"), _BAD),
            m.Line(_t("detail"), "nothing answers at central's address and port"),
        ),
        title="place.network",
    ),
    "t8-how": _panel(
        "addressing",
        (m.Line(_t("network.dhcp"), tone=_GOOD, id="dhcp"), m.Line(_t("network.static"), id="static")),
        title="network.change",
        note=_t("network.change_note"),
    ),
    "t8-address": m.EnterAddress("own", 1, 4, "192.168.20.14"),
    "t8-address-wrong": m.EnterAddress("gateway", 3, 4, "192.168.21.1", _t("address.wrong.gateway_outside")),
    "t8-sure": _panel(
        "network_sure",
        (
            m.Line(_t("network.before"), _t("network.dhcp")),
            m.Line(_t("network.after"), "192.168.20.14/24", _ATTENTION),
            m.Line(_t("network.gateway", interface="enp2s0"), "192.168.20.1"),
            m.Line(_t("network.dns"), "192.168.20.1"),
        ),
        _button("try", "network.try_out", is_grave=True),
        title="network.change",
        note=_t("keep_note", n=60),
    ),
    "t8-keep": m.KeepChange(_t("network.change"), 48, _t("network.answers")),
    "t9-power": _panel(
        "power",
        (
            m.Line(_t("topic.power"), _t("power.mains")),
            m.Line(_t("counter.power_cuts"), "205"),
            m.Line(_t("power.cut"), "2026/11/25 06:40 – 08:55"),
            m.Line(_t("power.cut"), "2026/11/24 22:10 – 2026/11/25 01:05"),
            m.Line(_t("counter.restarts"), "212"),
            m.Line(_t("topic.clock"), "2026/11/25 09:14", _GOOD),
            m.Line(_t("time.trust"), _t("clock.synced"), _GOOD),
            m.Line(_t("time.day"), "2026/11/25"),
        ),
        _button("day", "time.open_day", _off("managers_only")),
        _button("restart", "power.restart", is_grave=True),
        _button("stop", "power.stop", is_grave=True),
    ),
    "t10-counters": _panel(
        "counters",
        _COUNTERS,
        _button("print", "counter.print"),
        _button("reset", "counter.reset", is_grave=True),
        note=_t("counter.note"),
    ),
    "t11-audit": _panel("audit", _AUDIT),
    "t12-out": _panel(
        "out",
        tuple(m.Line(_t(f"out.{why}"), id=why) for why in ("repair", "cleaning", "centre_closed", "moved")),
        note=_t("out.why"),
    ),
    "t12-done": m.Panel("out_done", _t("place.out"), note=_t("out.done_until")),
    "t13-locked": m.LockedOut(10),
}
