"""A municipality's brand on central's pages: the offices' and a ticket's colours and emblem, and the report's."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from central.base import clock
from central.insight.public import page as public
from central.insight.reports.first_page import FirstPage
from central.insight.reports.sheets import Report
from central.insight.reports.writers import as_html
from common.city.brand.brand import SHIPPED, Brand, load_brand, use
from common.city.brand.look import rgb
from tests.central.insight.public.phone import NOON, SIZES, open_ticket
from tests.hub.pages.counter.test_counter import violations
from tests.hub.pages.test_brand import computed, emblem_is_drawn
from tests.kit.loaded_commands import COMMANDS
from tests.screens.pictures.brands import OTHER

pytestmark = pytest.mark.timeout(180)
CENTRAL = [sys.executable, "-m", "central"]
UNKNOWN = f"/t/{'f' * 32}"
BUILD = Path("build/screenshots/town")


@dataclass
class Office:
    """A central that was started in a municipality's brand."""

    brand: Brand
    url: str
    password: str
    secret: str


@pytest.fixture(scope="module", params=[SHIPPED, OTHER], ids=["homs", "harbour"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    where = ("--data", str(tmp_path_factory.mktemp("office")))
    words = ("operator", "add", "Rana", "--role", "administrator")
    added = COMMANDS.run("central", *words, *where, given=None, timeout_s=60)
    assert added.returncode == 0, added.stderr
    made = json.loads(added.stdout)
    environment = {**os.environ, "CENTRAL_BRAND": str(request.param)}
    command = [*CENTRAL, "serve", "--port", "0", "--json", *where]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert serving.stdout is not None
    try:
        url = json.loads(serving.stdout.readline())["url"]
        secret = parse_qs(urlsplit(made["authenticator"]).query)["secret"][0]
        yield Office(load_brand(request.param), url, made["password"], secret)
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(20)
        serving.stdout.close()


@pytest.fixture
def harbour(monkeypatch: pytest.MonkeyPatch) -> Iterator[Brand]:
    """Put the second municipality's brand in force in this process."""
    monkeypatch.setattr("common.city.brand.brand._in_force", [])
    chosen = load_brand(OTHER)
    use(chosen)
    public.assets.cache_clear()
    yield chosen
    public.assets.cache_clear()


def keep(page: Page, office: Office, name: str) -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=BUILD / f"{name}-{office.brand.app.issuer}.png")


def test_the_offices_wear_the_towns_colours_and_emblem(browser: Browser, office: Office) -> None:
    look = office.brand.colours.look
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(f"{office.url}/offices")
    assert computed(page, "html") == rgb(look["ground"])
    assert computed(page, "header.band") == computed(page, "button.main") == rgb(look["primary"])
    emblem_is_drawn(page, look["primary"])
    keep(page, office, "login")
    page.locator("input[name=name]").fill("Rana")
    page.locator("input[name=password]").fill(office.password)
    page.locator("input[name=code]").fill(pyotp.TOTP(office.secret).now())
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/offices/fleet$"))
    for name in ("fleet", "people", "publish", "reports", "operations"):
        page.goto(f"{office.url}/offices/{name}")
        assert computed(page, "header.band") == rgb(look["primary"])
        assert computed(page, "header.band a[aria-current]", "color") == rgb(look["primary"])
        emblem_is_drawn(page, look["primary"])
        keep(page, office, name)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.context.close()


def test_a_tickets_page_wears_them_as_it_is_served(browser: Browser, office: Office) -> None:
    look = office.brand.colours.look
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(office.url + UNKNOWN)
    assert computed(page, "html") == rgb(look["ground"])
    assert computed(page, "main", "border-top-color") == computed(page, "nav a", "color") == rgb(look["primary"])
    emblem_is_drawn(page, look["ground"])
    assert violations(page) == []
    page.context.close()


def test_a_call_is_shown_on_the_towns_colour(browser: Browser, harbour: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    look = harbour.colours.look
    for state, ground, ink in (("called", "primary", "on_primary"), ("waiting", "surface", "primary")):
        page, _ = open_ticket(browser, state, "ar", SIZES["usual"])
        assert computed(page, "main") == rgb(look[ground])
        assert computed(page, ".number", "color") == rgb(look[ink])
        assert page.get_by_role("img", name="بلدية المرفأ").is_visible()
        BUILD.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=BUILD / f"ticket-{state}.png")
        assert violations(page) == []
        page.context.close()


def test_what_pages_load_is_kept_under_its_mark_and_known_again(office: Office) -> None:
    for path, prefix in (("/offices/login", "/offices/-/"), (UNKNOWN, "/t/-/")):
        address = re.search(rf'"({prefix}brand\.css\?v=\w+)"', httpx2.get(office.url + path).text)
        assert address is not None
        style = httpx2.get(office.url + address[1])
        assert "immutable" in style.headers["cache-control"]
        assert f"--primary: {office.brand.colours.look['primary']};" in style.text
        plain = httpx2.get(f"{office.url}{prefix}brand.css", headers={"If-None-Match": style.headers["etag"]})
        assert (plain.status_code, plain.content, "immutable" in plain.headers["cache-control"]) == (304, b"", False)
        assert httpx2.get(f"{office.url}{prefix}emblem.png").content == office.brand.picture("emblem")


def test_a_brand_without_an_emblem_has_none_on_its_pages(harbour: Brand) -> None:
    use(Brand(region="JO", time_zone="Asia/Amman", languages=["ar"], app=harbour.app, currency=harbour.currency))
    public.assets.cache_clear()
    assert "emblem" not in public.page(None, "ar").decode()
    assert set(public.assets()) == {"brand.css", "ticket.css", "ticket.mjs"}


def test_a_report_on_paper_is_in_the_towns_colours(harbour: Brand) -> None:
    drawn = as_html(Report("x", "x", "x", "en", FirstPage((), ()), ()))
    assert f"color: {harbour.colours.look['primary']};" in drawn
    assert "#14504a" not in drawn


def test_no_colour_of_a_town_stands_in_a_style_sheet() -> None:
    groups = r"\.tile\.of-[A-D] \{ border-inline-start-color: #\w+; \}"  # which are the catalogue's
    for path in Path("central").rglob("*.css"):
        assert not re.search(r"#(?:[0-9a-f]{3}){1,2}\b", re.sub(groups, "", path.read_text()), re.IGNORECASE), path
