"""The offices' pages in Debian's Chromium: with axe, by keyboard, on a telephone, in both languages."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from central.base.config import load_config
from central.server.api.app import create_app
from common.protocol.envelope import EnrolmentAnswer
from tests.central.offices import money, posted
from tests.central.offices.test_fleet import WELL
from tests.kit.loaded_commands import COMMANDS
from tests.kit.notices import LONGEST_NOTICE
from tests.kit.sender import Sender

CENTRAL = [sys.executable, "-m", "central"]
CENTRES = "code,name_ar,name_en,kiosks\nhoms-main,المركز الرئيسي,Main centre,4\nhoms-new,المركز الجديد,New centre,2\n"
SIZES = {"office": (1366, 768), "phone": (320, 640)}

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
LATER = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
FEAST = {"date": TOMORROW, "closed": True, "names": {"ar": "عيد الفطر السعيد", "en": "Eid al-Fitr"}}
NOTICE = {"id": "card", "from": TOMORROW, "until": TOMORROW, "texts": LONGEST_NOTICE, "where": ["kiosk", "page"]}


@dataclass
class Office:
    url: str
    password: str
    secret: str
    kiosks: list[str]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    where = ("--data", str(folder / "central"))
    (folder / "centres.csv").write_text(CENTRES, encoding="utf-8")

    def run(*words: str) -> str:
        done = COMMANDS.run("central", *words, *where, given=None, timeout_s=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    added = [json.loads(line) for line in run("centres", "add", str(folder / "centres.csv")).splitlines()]
    codes = [code for one in added for code in one["codes"]]
    (folder / "days.json").write_text(json.dumps({"days": [FEAST]}), encoding="utf-8")
    run("publish", "calendar", str(folder / "days.json"))
    (folder / "notices.json").write_text(json.dumps({"notices": [NOTICE]}), encoding="utf-8")
    run("publish", "notices", str(folder / "notices.json"))
    day = {"group": "A", "from": "08:00", "to": "12:00", "minutes": 15, "seats": 2}
    plan = {"centre": "homs-main", "plan": [day | {"weekday": weekday} for weekday in range(1, 8)]}
    (folder / "seats.json").write_text(json.dumps(plan), encoding="utf-8")
    run("publish", "seats", str(folder / "seats.json"))
    made = json.loads(run("operator", "add", "Rana", "--role", "administrator"))
    money.lay_down(folder / "central")
    posted.lay_down(folder / "central")
    serving = subprocess.Popen([*CENTRAL, "serve", "--port", "0", "--json", *where], stdout=subprocess.PIPE)
    assert serving.stdout is not None
    try:
        url = json.loads(serving.stdout.readline())["url"]
        changes: tuple[dict[str, object], ...] = (
            {},
            {
                "paper": "Out",
                "paper_left_m": None,
                "alarms": ["dead-letters"],
                "left_out": {"kiosk.tiles": "unknown service bank"},
            },
            {"out_of_service": "printer", "power": "battery"},
            {"paper": "Low", "paper_left_m": 6},
        )
        kiosks = [_enrolled(url, code, WELL | change) for code, change in zip(codes, changes, strict=False)]
        yield Office(url, made["password"], parse_qs(urlsplit(made["authenticator"]).query)["secret"][0], kiosks)
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(20)
        serving.stdout.close()


def _enrolled(url: str, code: str, health: object) -> str:
    sender = Sender("", url)
    body = msgspec.json.encode({"code": code, "public_key": sender.public_key})
    headers = sender.signature("POST", "/v1/enrolments", body, keyid=sender.public_key)
    answer = httpx2.post(f"{url}/v1/enrolments", content=body, headers=headers | {"Content-Type": "application/json"})
    sender.learn(msgspec.json.decode(answer.content, type=EnrolmentAnswer))
    report = sender.batch([sender.ticket()], health=health)
    told = httpx2.post(
        url + sender.batches_path, content=report, headers=sender.signature("POST", sender.batches_path, report)
    )
    assert told.status_code == 200, told.text
    return sender.kiosk


@pytest.fixture(scope="module")
def session(browser: Browser, office: Office) -> list[dict[str, str]]:
    """Log in once: a code serves once in half a minute."""
    page = browser.new_page()
    page.goto(f"{office.url}/offices")
    page.get_by_label("الاسم").fill("Rana")
    page.get_by_label("كلمة المرور").fill(office.password)
    page.get_by_label("الرمز").fill(pyotp.TOTP(office.secret).now())
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/offices/fleet$"))
    cookies = page.context.cookies()
    page.close()
    return [{"name": one["name"], "value": one["value"], "url": office.url} for one in cookies]


def opened(
    browser: Browser, office: Office, session: list[dict[str, str]], language: str, size: str, path: str
) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    chosen = {"name": "offices-language", "value": language, "url": office.url}
    context.add_cookies([*session, chosen])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(office.url + path)
    return page


def paths(office: Office) -> dict[str, str]:
    return {
        "needs": "/offices/needs",
        "fleet": "/offices/fleet",
        "kiosk": f"/offices/kiosks/{office.kiosks[1]}",
        "people": "/offices/people",
        "publish": "/offices/publish",
        "announcing": "/offices/announcing",
        "appointments": f"/offices/appointments?centre=homs-main&day={LATER}&service=civil-affairs",
        "payments": f"/offices/payments?day={money.DAY}",
        "cashier": f"/offices/cashier?number={money.EXPIRED}",
        "messages": f"/offices/messages?month={posted.MONTH}",
        "reports": "/offices/reports?centre=homs-main&month=2026-11",
        "operations": "/offices/operations",
    }


def test_each_page_of_the_app_is_looked_at(tmp_path: Path) -> None:
    app = create_app(load_config(tmp_path, None))
    pages = {
        one.path for one in app.routes if one.path.startswith("/offices/") and "GET" in getattr(one, "methods", ())
    }
    no_pages = {"/offices/-/{name:str}", "/offices/publish/form", "/offices/reports/file", "/offices/login"}
    no_pages.add("/offices/payments/file")
    looked_at = {path.partition("?")[0] for path in paths(Office("", "", "", ["", "{kiosk:str}"])).values()}
    assert looked_at == pages - no_pages, "log-in is looked at by itself"


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name",
    [
        "needs",
        "fleet",
        "kiosk",
        "people",
        "publish",
        "announcing",
        "appointments",
        "payments",
        "cashier",
        "messages",
        "reports",
        "operations",
    ],
)
def test_every_page_is_sound_in_each_language_and_size(
    browser: Browser, office: Office, session: list[dict[str, str]], name: str, size: str, language: str
) -> None:
    page = opened(browser, office, session, language, size, paths(office)[name])
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page itself never scrolls sideways"
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    build = Path("build/screenshots/offices")
    build.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=build / f"{name}-{size}-{language}.png", full_page=True)
    page.context.close()


def test_who_needs_somebody_stands_first_and_maintenance_is_a_button(
    browser: Browser, office: Office, session: list[dict[str, str]]
) -> None:
    page = opened(browser, office, session, "en", "office", "/offices/fleet")
    states = page.locator("tbody .need").all_inner_texts()
    assert states[:2] == ["Out of service", "Faulty"]
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="In maintenance for four hours").click()
    expect(page.get_by_text("In maintenance until")).to_be_visible()
    page.goto(f"{office.url}/offices/fleet")
    assert page.locator("tbody .need").first.inner_text() == "Faulty"
    page.go_back()
    page.get_by_role("button", name="Maintenance is over").click()
    expect(page.get_by_role("button", name="In maintenance for four hours")).to_be_visible()
    page.context.close()


def test_what_a_machine_cannot_use_of_what_was_published_stands_on_its_page(
    browser: Browser, office: Office, session: list[dict[str, str]]
) -> None:
    page = opened(browser, office, session, "en", "office", paths(office)["kiosk"])
    expect(page.get_by_text("kiosk.tiles: unknown service bank")).to_be_visible()
    page.context.close()


def test_a_report_is_taken_as_a_file(
    browser: Browser, office: Office, session: list[dict[str, str]], tmp_path: Path
) -> None:
    page = opened(browser, office, session, "ar", "office", paths(office)["reports"])
    page.locator("summary").first.press("Enter")
    expect(page.locator("details p").first).to_be_visible()
    with page.expect_download() as taking:
        page.get_by_role("link", name="XLSX").click()
    taking.value.save_as(tmp_path / "report.xlsx")
    assert (tmp_path / "report.xlsx").read_bytes().startswith(b"PK")
    assert taking.value.suggested_filename == "homs-main-2026-11.xlsx"
    page.context.close()


def test_the_login_says_nothing_of_what_was_wrong(browser: Browser, office: Office) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{office.url}/offices/login")
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    Path("build/screenshots/offices").mkdir(parents=True, exist_ok=True)
    page.screenshot(path="build/screenshots/offices/login-phone-ar.png")
    page.get_by_label("الاسم").fill("Nobody")
    page.keyboard.press("Enter")  # no field of the form is judged in the browser's own words
    expect(page.get_by_role("alert")).to_have_text("اكتب الاسم وكلمة المرور والرمز كاملاً: ستة أرقام.")
    page.screenshot(path="build/screenshots/offices/login-incomplete-ar.png")
    expect(page.get_by_label("الاسم")).to_have_value("Nobody")
    page.get_by_label("كلمة المرور").fill("x")
    page.get_by_label("الرمز").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("غير صحيح")
    page.close()


def test_a_new_pin_and_a_code_are_given_and_taken_back_by_keyboard(
    browser: Browser, office: Office, session: list[dict[str, str]]
) -> None:
    page = opened(browser, office, session, "ar", "phone", "/offices/people")
    form = page.locator("form[action='/offices/people/appoint']").first
    form.locator("input[name=name]").fill("سامر الحمصي")
    page.keyboard.press("Enter")
    expect(page.locator(".secret")).to_have_text(re.compile("^[0-9]{8}$"))
    expect(page.get_by_role("rowheader", name="سامر الحمصي")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path="build/screenshots/offices/people-pin-phone-ar.png", full_page=True)
    page.get_by_role("button", name="إلغاء رمز سامر الحمصي").press("Enter")
    expect(page.get_by_role("rowheader", name="سامر الحمصي")).to_have_count(0)
    expect(page.locator(".secret")).to_have_count(0)
    page.context.close()


def test_a_caller_gets_an_appointment_and_a_half_hour_gives_no_more(
    browser: Browser, office: Office, session: list[dict[str, str]]
) -> None:
    page = opened(browser, office, session, "ar", "phone", f"/offices/appointments?centre=homs-main&day={LATER}")
    page.get_by_label("الخدمة").select_option("civil-affairs")
    page.get_by_role("button", name="عرض الأوقات المتاحة").click()
    page.get_by_label("آخر أربعة أرقام").fill("٤٣٢١")
    page.get_by_label("عدد الأشخاص").select_option("2")
    page.get_by_role("button", name="حجز موعد بالهاتف").click()
    digits = page.locator(".secret").inner_text()
    assert re.fullmatch("[0-9]{4} [0-9]{4}", digits)
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path="build/screenshots/offices/appointments-booked-phone-ar.png", full_page=True)
    seats = page.get_by_label("عدد المواعيد عند 08:00")
    seats.fill("٠")
    seats.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("المواعيد المحجوزة باقية")
    expect(page.locator("tbody tr").first.locator("td").nth(1)).to_have_text("0")
    page.screenshot(path="build/screenshots/offices/appointments-changed-phone-ar.png", full_page=True)
    page.get_by_role("button", name="تراجع").click()
    expect(page.locator("tbody tr").first.locator("td").nth(1)).to_have_text("4")
    page.get_by_label("الأرقام الثمانية").fill(digits)
    page.get_by_role("button", name="إلغاء موعد").click()
    expect(page.get_by_role("status")).to_have_text("أُلغي الموعد.")
    page.context.close()
