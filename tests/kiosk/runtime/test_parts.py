"""The parts that a command opens: whose kiosk it is, what central's feed has set, and the printer, if it can be had."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

import msgspec
import pytest

from common.city.catalogue import Hours, load_catalogue
from common.machine.clock import SystemClock
from common.machine.errors import ConfigError, StoreUnavailable
from common.protocol.feed_page import FeedMessage, FeedPage
from common.protocol.setting_values import DAY_BEGINS, DAY_ENDS
from kiosk.desk.answers import PaperOutcome
from kiosk.desk.desk import Desk
from kiosk.desk.others import NoPapers
from kiosk.desk.payments.paying import Paying
from kiosk.peripherals.watch import settings_of
from kiosk.prompts.ui import Trouble
from kiosk.runtime import parts
from kiosk.runtime.parts import CurrentCatalogue, OpenStore, content_of, feed_settings, hours_of
from kiosk.settings.sections import KioskSection, PrinterSection, ReaderSection
from kiosk.settings.settings import Settings
from offline_store.feed import feed
from tests.kiosk.doctor.enrolled import enrol_by_hand
from tests.kiosk.maintenance.scripted import Workshop

TOML = """
[kiosk]
centre = "{centre}"
data_dir = "var"
languages = ["en", "ar"]
ticket_page = "https://status.example/t/{{id}}"
[central]
url = "http://127.0.0.1:9"
{printer}
"""


def _settings(folder: Path, centre: str = "homs-main", printer: str = "") -> Settings:
    (folder / "kiosk.toml").write_text(TOML.format(centre=centre, printer=printer))
    return Settings(folder / "kiosk.toml")


class Opened:
    """Stands for printer's lock, driver and printing, and notes what was opened and closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, is_in_use: bool = False) -> None:
        self.noted: list[object] = []
        lock = self

        class Lock:
            def __init__(self, data_dir: Path, waits_s: float) -> None:
                lock.noted.append(("lock", data_dir.name, waits_s))

            def __enter__(self) -> str:
                if is_in_use:
                    raise StoreUnavailable("in use")
                return "the lock"

            def __exit__(self, *_: object) -> None:
                lock.noted.append("unlock")

        driver = SimpleNamespace(close=lambda: self.noted.append("close"))

        class Prints:
            def __init__(self, given: object, *_: object, **__: object) -> None:
                assert given is driver

            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_: object) -> None:
                lock.noted.append("end")

            def start(self, given: object) -> None:
                lock.noted.append(("start", given))

        monkeypatch.setattr(parts, "PrinterLock", Lock)
        monkeypatch.setattr(parts, "open_printer", lambda _: driver)
        monkeypatch.setattr(parts, "Printing", Prints)


PRINTER = '[devices.printer]\nport = "/dev/none"\n'


@pytest.mark.parametrize(
    ("printing", "printer", "noted"),
    [
        (True, PRINTER, [("lock", "var", 1.0), ("start", "the lock"), "end", "close", "unlock"]),
        (False, PRINTER, []),
        (True, "", []),
    ],
)
def test_a_command_has_the_printer_where_it_wants_one_and_gives_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printing: bool, printer: str, noted: list[object]
) -> None:
    enrol_by_hand(tmp_path / "var")
    opened = Opened(monkeypatch)
    with parts.open_desk(_settings(tmp_path, printer=printer), printing=printing) as desk:
        assert isinstance(desk, Desk)
        assert isinstance(desk._papers, NoPapers) is (not noted)
    assert opened.noted == noted
    opened.noted.clear()
    with parts.open_paying(_settings(tmp_path, printer=printer), printing=printing) as paying:
        assert isinstance(paying, Paying)
    assert opened.noted == noted


def test_while_another_process_has_the_printer_no_paper_comes_out_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol_by_hand(tmp_path / "var")
    opened = Opened(monkeypatch, is_in_use=True)
    with parts.open_desk(_settings(tmp_path, printer=PRINTER), printing=True) as desk:
        papers: Any = desk._papers
    assert opened.noted == [("lock", "var", 1.0)]
    lost = PaperOutcome("failed", Trouble.PRINTER_LOST)
    assert papers.print_ticket(None, copy=False) == papers.print_receipt(None, copy=True, language="en") == lost
    assert papers.print_booked(None) == papers.print_payment(None) == papers.print_void(None) == lost
    assert papers.without_paper() == ()


def test_settings_of_another_centre_open_nothing(tmp_path: Path) -> None:
    enrol_by_hand(tmp_path / "var", "homs-new")
    with (
        pytest.raises(ConfigError, match=r'kiosk\.centre is "homs-main"; right would be "homs-new"'),
        parts.open_desk(_settings(tmp_path), printing=False),
    ):
        pytest.fail("it was opened")
    parts.require_centre(_settings(tmp_path, "homs-new").config)


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [
        (None, None, None), ("08:00", None, Hours("08:00", DAY_ENDS)), (None, "15:30", Hours(DAY_BEGINS, "15:30")),
        ("08:00", "15:30", Hours("08:00", "15:30")),
    ],
)  # fmt: skip
def test_one_hour_without_the_other_leaves_the_day_open_there(
    tmp_path: Path, opens: str | None, closes: str | None, hours: Hours | None
) -> None:
    config = _settings(tmp_path).config
    kiosk = msgspec.structs.replace(config.kiosk, opens=opens, closes=closes)
    assert hours_of(msgspec.structs.replace(config, kiosk=kiosk)) == hours


def test_papers_bear_the_name_of_the_kiosk_its_first_language_and_its_page(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    config = _settings(tmp_path).config
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    content = content_of(config, opened, CurrentCatalogue(workshop.store))
    found = (content.centre, content.kiosk, content.language, content.page)
    assert found == ("homs-main", "homs-main 2", "en", "https://status.example/t/{id}")
    bare = msgspec.structs.replace(config, kiosk=KioskSection(centre="homs-main", data_dir="var"))
    assert content_of(bare, opened, CurrentCatalogue(workshop.store)).page == ""
    workshop.store.close()


def test_the_catalogue_is_built_again_only_where_the_feed_says_otherwise(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    current = CurrentCatalogue(workshop.store)
    before = current()
    assert before == load_catalogue()
    assert current.refresh() is False
    assert current() is before
    service = {"code": "clearance", "fee": {"amount_minor": 500, "currency": "USD"}}
    messages = [("catalogue", {"services": [service]}), ("settings", {"kiosk.opens": "08:30"})]
    page = FeedPage(
        [FeedMessage(n, kind, msgspec.Raw(msgspec.json.encode(body))) for n, (kind, body) in enumerate(messages, 1)],
        "e.2", "e", 2, snapshot=True,
    )  # fmt: skip
    assert feed.apply_page(workshop.store, page, workshop.clock.now())
    assert current.refresh() is True
    assert current() is not before
    changed = current().get("clearance")
    assert changed is not None
    assert changed.fee is not None
    assert changed.fee.amount_minor == 500
    assert current().centres == before.centres
    assert current.refresh() is False
    assert feed_settings(workshop.store) == {"kiosk.opens": "08:30"}
    workshop.store.close()


def test_a_device_is_opened_by_its_settings(tmp_path: Path) -> None:
    printer = PrinterSection(port="/dev/p", baudrate=19200, profile="pos-5890", paper_mm=58, pictures=True)
    found = settings_of(printer, tmp_path)
    assert (found.driver, found.port, found.baudrate, found.flow_control) == (
        printer.driver, "/dev/p", 19200, printer.flow_control,
    )  # fmt: skip
    assert (found.profile, found.paper_mm, found.state_dir, len(found.options)) == ("pos-5890", 58, tmp_path, 1)
    assert settings_of(msgspec.structs.replace(printer, pictures=False), tmp_path).options == ()
    reader = ReaderSection(driver="magstripe", port="/dev/r", check="lrc")
    assert settings_of(reader, tmp_path).options == (("check", "lrc"),)
    other = settings_of(msgspec.structs.replace(reader, check=None), tmp_path)
    assert (other.options, other.profile, other.driver, other.port) == ((), "", "magstripe", "/dev/r")
