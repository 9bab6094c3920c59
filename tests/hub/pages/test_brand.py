"""A second municipality on the hub's pages: its colours and emblem on each of them, read as well as the first one's."""

import io
import re
from collections.abc import Iterator
from itertools import batched

import httpx2
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from common.city.brand.brand import SHIPPED, Brand, load_brand, use
from common.city.brand.look import EDGE, TEXT, Rgb, contrast, dark, rgb
from hub.pages import serving
from tests.hub.api.conftest import MANAGER_PIN
from tests.hub.pages.board.test_board import SCREEN, call, until_letters_stand
from tests.hub.pages.counter.test_counter import log_in, violations
from tests.hub.pages.site import Site
from tests.screens.pictures.brands import OTHER

DESK = {"width": 1280, "height": 860}
HOMS, HARBOUR = load_brand(SHIPPED), load_brand(OTHER)
PAGES = ("counter", "board", "manager")


@pytest.fixture(autouse=True)
def town(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Brand]:
    """Start the pages again in a municipality's brand: the second one's unless a test says which."""
    chosen: Brand = getattr(request, "param", HARBOUR)
    monkeypatch.setattr("common.city.brand.brand._in_force", [])
    use(chosen)
    _forget()
    yield chosen
    _forget()


def _forget() -> None:
    for made in (serving._assets, serving.pages_mark):
        made.cache_clear()


def computed(page: Page, selector: str, name: str = "background-color") -> Rgb:
    asked = "([selector, name]) => getComputedStyle(document.querySelector(selector)).getPropertyValue(name)"
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", page.evaluate(asked, [selector, name]))[:3])
    return red, green, blue


def stands_in_the_head(page: Page) -> bool:
    emblem, band = page.locator(".emblem").bounding_box(), page.locator("header").bounding_box()
    assert emblem is not None
    assert band is not None
    return emblem["y"] + emblem["height"] <= band["y"] + band["height"]


def emblem_is_drawn(page: Page, ground: str) -> None:
    """See that the emblem's own picture was loaded and stands out from its ground, neither blank nor a block."""
    assert stands_in_the_head(page)
    shown = Image.open(io.BytesIO(page.locator(".emblem").screenshot())).convert("RGB").tobytes()
    dots = [(red / 255, green / 255, blue / 255) for red, green, blue in batched(shown, 3, strict=True)]
    inked = sum(contrast(dot, rgb(ground)) >= EDGE for dot in dots) / len(dots)
    assert 0.05 < inked < 0.8
    assert rgb(ground) in dots


def open_page(browser: Browser, site: Site, name: str, query: str = "") -> Page:
    size = SCREEN if name == "board" else DESK
    context = browser.new_context(viewport=size, screen=size, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.url}/{name}?lang=en{query}")
    return page


@pytest.mark.parametrize("town", [HOMS, HARBOUR], ids=["homs", "harbour"], indirect=True)
def test_counter_and_manager_wear_the_towns_colours_and_emblem(browser: Browser, site: Site, town: Brand) -> None:
    look = town.colours.look
    for name in ("counter", "manager"):
        page = open_page(browser, site, name)
        expect(page.locator("#login")).to_be_visible()
        assert computed(page, "html") == rgb(look["ground"])
        assert computed(page, "header.band") == computed(page, "button.main") == rgb(look["primary"])
        emblem_is_drawn(page, look["primary"])
        assert violations(page) == []
        if name == "counter":
            log_in(page)
        else:
            page.fill("#pin", MANAGER_PIN)
            page.click("#login-form .main")
        expect(page.locator("#work")).to_be_visible()
        assert computed(page, "#give, #print-list", "color") == rgb(look["primary"])
        assert violations(page) == []
        page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("town", [HOMS, HARBOUR], ids=["homs", "harbour"], indirect=True)
def test_the_board_wears_them_too_and_keeps_its_contrast_in_the_dark(
    browser: Browser, site: Site, town: Brand, theme: str
) -> None:
    call(site.hall, 1)
    look = town.colours.look | (dark(town.colours.look) if theme == "dark" else {})
    page = open_page(browser, site, "board", f"&diagonal=43&distance=5&theme={theme}")
    expect(page.locator(".call .number").first).to_have_text("A1·001")
    assert computed(page, "body") == rgb(look["ground"])
    assert computed(page, "header.band") == rgb(look["primary"])
    emblem_is_drawn(page, look["primary"])
    for selector, ground in (("header.band h1", "header.band"), (".call", ".call"), ("#groups-title", ".groups")):
        assert contrast(computed(page, selector, "color"), computed(page, ground)) >= TEXT, selector
    call(site.hall, 2)
    expect(page.locator(".call.new")).to_have_count(1)
    assert computed(page, ".call.new") == rgb(look["primary"])
    assert contrast(computed(page, ".call.new", "color"), computed(page, ".call.new")) >= TEXT
    assert violations(page) == []
    page.context.close()


def test_on_the_board_the_emblem_stands_beside_the_whole_name_of_the_centre(browser: Browser, site: Site) -> None:
    page = open_page(browser, site, "board", "&diagonal=43&distance=10")
    expect(page.locator("#centre")).not_to_be_empty()
    until_letters_stand(page)
    assert stands_in_the_head(page)
    assert page.evaluate(
        "(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.getElementById('centre'))"
    )
    page.context.close()


def test_the_emblem_is_the_towns_says_whose_it_is_and_is_nowhere_where_there_is_none(site: Site) -> None:
    assert httpx2.get(f"{site.url}/assets/emblem.png").content == HARBOUR.picture("emblem")
    for name in PAGES:
        assert 'aria-label="Harbour Municipality"' in httpx2.get(f"{site.url}/{name}?lang=en").text
        assert 'aria-label="بلدية المرفأ"' in httpx2.get(f"{site.url}/{name}").text
    assert HARBOUR.colours.look["primary"] in httpx2.get(f"{site.url}/assets/icon.svg").text
    use(Brand(region="SY", time_zone="Asia/Damascus", languages=["ar"], app=HOMS.app, currency=HOMS.currency))
    _forget()
    assert httpx2.get(f"{site.url}/assets/emblem.png").status_code == 404
    for name in PAGES:
        assert "emblem" not in httpx2.get(f"{site.url}/{name}").text


def test_another_brand_is_another_file_and_outdates_open_pages(site: Site) -> None:
    before, mark = httpx2.get(f"{site.url}/assets/brand.css"), serving.pages_mark()
    use(HOMS)
    _forget()
    after = httpx2.get(f"{site.url}/assets/brand.css", headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.headers["etag"] != before.headers["etag"]) == (200, True)
    assert serving.pages_mark() != mark


def test_no_colour_of_a_town_stands_in_a_style_sheet() -> None:
    for path in (serving.HERE / "assets").glob("*.css"):
        assert set(re.findall(r"#(?:[0-9a-f]{3}){1,2}\b", path.read_text(), re.IGNORECASE)) <= {"#fff", "#000"}, path
