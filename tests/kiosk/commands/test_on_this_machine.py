"""What the commands do with this machine's own devices: samples, the waiting list, each device, and a new machine."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from common.city.catalogue import load_catalogue
from common.machine.errors import PlainError
from devices.paper import Paper
from devices.protocols import Card, DeviceState, PaperState, Printed, PrintResult, Unknown
from kiosk.commands import cli as root
from kiosk.commands import device_listing, sample, setting_up, waiting
from kiosk.delivery.enrolment import Enrolled
from kiosk.papers import documents, staff_documents
from kiosk.papers.contents import ReceiptContent, TicketContent
from kiosk.peripherals.report import Device, DeviceEvent, Presented, Report
from kiosk.settings.sections import DevicesSection, KioskConfig, KioskSection, PrinterSection
from kiosk.setup.answers import Answers
from offline_store.issuing.business_day import ZONE
from offline_store.queue.waiting import WaitingNumber
from tests.kiosk.maintenance.tools import open_store
from tests.kit.carrying_process import config_of
from tests.kit.clock import HandClock

CENTRE = {"ar": "مركز حمص الرئيسي", "en": "Homs main centre"}
ID = "0193f3c2-7b1e-7c55-9a40-1d2f3a4b5c6d"
MOMENT = datetime(2026, 11, 24, 9, 5, tzinfo=ZONE)
CLEARANCE = {"ar": "براءة ذمة من مجلس المدينة", "en": "Municipal clearance"}


def _config(folder: Path, *, has_printer: bool = True) -> KioskConfig:
    printer = PrinterSection(port="/dev/none", profile="epson-tm-t20iii", paper_mm=80) if has_printer else None
    base = config_of(folder / "var", "http://127.0.0.1:9")
    kiosk = KioskSection(centre="homs-main", data_dir=str(folder / "var"))
    return msgspec.structs.replace(base, kiosk=kiosk, devices=DevicesSection(printer=printer))


class Printer:
    """A printer that answers as told, and keeps what it was given and whether it was closed."""

    def __init__(self, result: PrintResult) -> None:
        self.result = result
        self.papers: list[Paper] = []
        self.is_closed = False

    def print(self, paper: Paper) -> PrintResult:
        self.papers.append(paper)
        return self.result

    def close(self) -> None:
        self.is_closed = True


def test_a_sample_is_of_its_kind_and_language_and_made_up_but_for_centre_and_kiosk() -> None:
    ticket = TicketContent(
        id=ID, number="B2014", centre=CENTRE, service=CLEARANCE, kiosk="homs-main", issued_at=MOMENT,
        papers=({"ar": "البطاقة الشخصية", "en": "identity card"}, {"ar": "سند الملكية", "en": "title deed"}),
        fee_minor=150_000,
    )  # fmt: skip
    order = ReceiptContent(
        id=ID, order_number="4017263958", centre=CENTRE, service=CLEARANCE, collect_at=CENTRE, kiosk="homs-main",
        recorded_at=MOMENT,
    )  # fmt: skip
    for language in ("ar", "en"):
        made = [sample.sample_paper(kind, language, CENTRE, "homs-main") for kind in ("ticket", "order", "test-page")]
        assert made == [
            documents.ticket(ticket, language),
            documents.order_receipt(order, language),
            staff_documents.page_for_testing(CENTRE, "homs-main", MOMENT, (), language),
        ]


@pytest.mark.parametrize("has_printer", [True, False])
def test_a_samples_bytes_are_written_for_the_printer_of_the_settings_and_stored_lines_beside_them(
    tmp_path: Path, has_printer: bool
) -> None:
    config, file = _config(tmp_path, has_printer=has_printer), tmp_path / "job"
    section = config.devices.printer or PrinterSection(port="none")
    paper = sample._paper_of(config, "ticket", "en")
    raw = sample.raw_job(paper, section.profile, section.paper_mm)
    assert sample.write_sample(config, "ticket", "en", file, stored=False) == {"file": str(file), "bytes": len(raw)}
    assert file.read_bytes() == raw
    assert not file.with_name("job.setup").exists()
    job, uploads = sample.stored_job(paper, section.profile, section.paper_mm)
    assert sample.write_sample(config, "ticket", "en", file, stored=True) == {
        "file": str(file), "bytes": len(job), "setup": f"{file}.setup", "setup_bytes": len(uploads),
    }  # fmt: skip
    assert (file.read_bytes(), file.with_name("job.setup").read_bytes()) == (job, uploads)
    assert len(job) < len(raw), "what is stored need not be sent"


def test_a_sample_is_printed_and_the_printer_given_back_also_where_nothing_came_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _config(tmp_path)
    for result in (Printed(90), Unknown(DeviceState.NO_DEVICE)):
        printer = Printer(result)
        monkeypatch.setattr(sample, "open_printer", lambda _, printer=printer: printer)
        if isinstance(result, Printed):
            assert sample.print_sample(config, "order", "en") == {"print": "printed", "millimetres": 90}
        else:
            with pytest.raises(PlainError, match="was not confirmed: NoDevice"):
                sample.print_sample(config, "order", "en")
        assert printer.papers == [sample._paper_of(config, "order", "en")]
        assert printer.is_closed
    with pytest.raises(PlainError, match="name no printer"):
        sample.print_sample(_config(tmp_path, has_printer=False), "order", "en")
    with pytest.raises(PlainError, match="no language 'xx'; known are ar, en"):
        sample.print_sample(config, "order", "xx")


@pytest.mark.parametrize("is_trusted", [True, False])
def test_the_waiting_list_is_printed_with_its_moment_where_the_clock_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_trusted: bool
) -> None:
    clock, config = HandClock(trust="synced" if is_trusted else "unknown"), _config(tmp_path)
    numbers = [
        WaitingNumber("A1001", "civil-affairs", "2026-11-25T08:20:00Z", called=False, queue="A"),
        WaitingNumber("B1007", "clearance", "2026-11-25T09:00:00Z", called=True, queue="B"),
    ]
    with open_store(config.data_dir, HandClock()) as store:
        for result in (Printed(90), Unknown(DeviceState.NO_DEVICE)):
            printer = Printer(result)
            monkeypatch.setattr(waiting, "open_printer", lambda _, printer=printer: printer)
            if isinstance(result, Printed):
                waiting.print_waiting_list(config, store, numbers, clock.now())
            else:
                with pytest.raises(PlainError, match="was not confirmed: NoDevice"):
                    waiting.print_waiting_list(config, store, numbers, clock.now())
            moment = clock.now().wall_time.astimezone(ZONE) if is_trusted else None
            centre = load_catalogue().centre_names("homs-main")
            lines = [("A1001", "11:20"), ("B1007", "12:00")]
            assert printer.papers == [staff_documents.waiting_list(centre, "homs-main 2", moment, lines, "ar")]
            assert printer.is_closed
        with pytest.raises(PlainError, match="name no printer"):
            waiting.print_waiting_list(_config(tmp_path, has_printer=False), store, numbers, clock.now())


class Watch:
    """Devices of which the printer is known after two looks; a listener is told what a test gives."""

    def __init__(self, events: list[DeviceEvent]) -> None:
        self.looks = 0
        self.events = events
        self.wanted: list[Device] = []

    def reports(self) -> list[Report]:
        self.looks += 1
        state = DeviceState.ONLINE if self.looks > 2 else DeviceState.STARTING
        return [Report(Device.PRINTER, state, PaperState.FULL), Report(Device.SCANNER, DeviceState.ONLINE)]

    def listen(self, listener: Callable[[DeviceEvent], None]) -> None:
        for event in self.events:
            listener(event)

    @contextmanager
    def wanting(self, *devices: Device) -> Iterator[None]:
        self.wanted += devices
        yield


def test_each_device_is_a_line_once_it_is_known_and_with_a_stop_each_change_and_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same, gone = Report(Device.SCANNER, DeviceState.ONLINE), Report(Device.SCANNER, DeviceState.NO_DEVICE)
    watch = Watch([same, gone, gone, Presented(Card("motor", b"1", "•••1")), same])
    told = SimpleNamespace(profile="TM-T20III", fence="exact", stored_graphics=3, waiting_graphics=1)
    printer = SimpleNamespace(report=lambda: told)

    @contextmanager
    def watch_of(_section: object, data_dir: Path, *, printer: Callable[[], object]) -> Iterator[Watch]:
        assert data_dir == tmp_path / "var"
        printer()
        yield watch

    monkeypatch.setattr(device_listing, "watch_of", watch_of)
    monkeypatch.setattr(device_listing, "open_printer", lambda _: printer)
    monkeypatch.setattr(device_listing, "_LOOK_S", 0.01)
    first = [
        {"event": "state", "device": "printer", "state": "Online", "paper": "Full", "detail": "", "why_not": None,
         "profile": "TM-T20III", "fence": "exact", "stored_graphics": 3, "waiting_graphics": 1},
        {"event": "state", "device": "scanner", "state": "Online", "detail": "", "why_not": None},
    ]  # fmt: skip
    assert list(device_listing.device_rows(_config(tmp_path))) == first
    assert (watch.looks, watch.wanted) == (4, [])
    stop, rows = threading.Event(), list[dict[str, Any]]()
    for row in device_listing.device_rows(_config(tmp_path), stop=stop):
        rows.append(row)
        if len(rows) == 5:
            stop.set()
    assert [row["device"] for row in rows] == ["printer", "scanner", "scanner", "card_reader", "scanner"]
    assert [row.get("state") for row in rows[2:]] == ["NoDevice", None, "Online"]
    assert watch.wanted == [Device.SCANNER, Device.CARD_READER]
    with pytest.raises(ValueError, match="no printer in the settings"):
        device_listing._Printer(_config(tmp_path, has_printer=False)).open()
    assert device_listing._Printer(_config(tmp_path)).more() == {}


def test_a_device_that_says_nothing_is_waited_for_only_so_long() -> None:
    watch = SimpleNamespace(reports=lambda: [Report(Device.PRINTER, DeviceState.STARTING)])
    looks = iter([0.0, device_listing.FIRST_WORD_S - 0.1, device_listing.FIRST_WORD_S])
    device_listing._wait_for_first_words(watch, lambda: next(looks))  # type: ignore[arg-type]
    assert list(looks) == []


@pytest.mark.parametrize("has_page", [True, False])
def test_a_new_machine_is_set_up_by_what_is_answered_beforehand_and_says_what_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_page: bool
) -> None:
    asked: list[tuple[Any, ...]] = []
    enrolled = Enrolled("kiosk-00000001", "homs-main", 1, "12345678")
    panel = SimpleNamespace(width_px=1080, height_px=1920) if has_page else None
    found = SimpleNamespace(printer=object(), panel=panel)

    def set_up(known: Answers, *given: Any) -> SimpleNamespace:
        asked.append((known, *given[:2], given[4], given[5]))
        return SimpleNamespace(found=found, enrolled=enrolled, settings=tmp_path / "kiosk.toml")

    printed: list[tuple[object, ...]] = []

    def print_sample(*given: object) -> dict[str, object]:
        printed.append(given)
        raise PlainError("no paper")

    monkeypatch.setattr(setting_up, "set_up", set_up)
    monkeypatch.setattr(setting_up, "load", lambda _: SimpleNamespace(default_language="ar"))
    monkeypatch.setattr(sample, "print_sample", print_sample)
    answers = tmp_path / "answers.toml"
    answers.write_text(f"test_page = {str(has_page).lower()}\n")
    words = ["setup", "THE-CODE", "--answers", str(answers), "--config", str(tmp_path / "kiosk.toml"),
             "--data-dir", str(tmp_path / "var"), "--ca-file", str(tmp_path / "ca.pem")]  # fmt: skip
    done = CliRunner().invoke(root.cli, [*words, "--json"])
    page = "not printed (no paper)" if has_page else "skipped"
    assert json.loads(done.stdout) == msgspec.structs.asdict(enrolled) | {
        "settings": str(tmp_path / "kiosk.toml"), "test_page": page, "pixels": [1080, 1920] if has_page else None,
    }  # fmt: skip
    known = msgspec.structs.replace(Answers(), code="THE-CODE", test_page=has_page)
    assert asked == [(known, tmp_path / "kiosk.toml", tmp_path / "var", None, tmp_path / "ca.pem")]
    assert [given[1:] for given in printed] == ([("test-page", "ar")] if has_page else [])
    said = CliRunner().invoke(root.cli, words).stdout
    assert said == f"first PIN: 12345678   test page: {page}   settings: {tmp_path / 'kiosk.toml'}\n"
