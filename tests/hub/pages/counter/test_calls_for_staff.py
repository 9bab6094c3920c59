"""A kiosk asks for somebody: who goes says so, and hears of it where the hub did not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from hub.log import tables
from tests.hub.pages.counter.test_counter import log_in
from tests.hub.pages.counter.test_counter_fits import asks_for_help, office
from tests.hub.pages.site import Site, running

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path / "hub") as site:
        site.hall.set_up({1: ["A"]})
        asks_for_help(site.hall, "kiosk-1")
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with office(browser, site.url, "ar") as page:
        log_in(page)
        yield page


def who_goes(site: Site) -> list[str | None]:
    with site.hall.act() as act:
        return list(act.connection.execute(select(tables.help_calls.c.seen_by)).scalars())


def test_a_clerk_who_goes_while_the_line_is_cut_reads_that_nobody_was_told(page: Page, site: Site) -> None:
    page.route("**/acknowledged", lambda route: route.abort("connectionreset"))
    page.click("#help button")
    expect(page.locator("#why")).to_have_text("لا اتصال بخادم المركز. حاول مرة أخرى.")
    assert who_goes(site) == [None]
    page.unroute("**/acknowledged")
    page.click("#help button")
    expect(page.locator("#help button")).to_have_count(0)
    assert who_goes(site) == ["clerk-1"]


def test_a_clerk_whose_word_the_hub_refuses_reads_why(page: Page, site: Site) -> None:
    page.route("**/acknowledged", lambda route: route.continue_(url=f"{site.url}/v1/help/none/acknowledged"))
    page.click("#help button")
    expect(page.locator("#why")).to_have_text("لم يعد هذا النداء قائماً.")
    assert who_goes(site) == [None]
