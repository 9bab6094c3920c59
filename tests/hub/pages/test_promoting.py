"""What a manager sees of a standby before it leads, where it may lack something of the hall."""

from pathlib import Path

from playwright.sync_api import Browser, expect
from sqlalchemy import update

from hub.engine.act import FOLLOWING, LEADING
from hub.log import tables
from tests.hub.api.conftest import MANAGER_PIN
from tests.hub.pages.counter.test_take_over import LONG_MS, managing
from tests.hub.pages.site import running


def test_a_standby_that_may_lack_something_says_so_and_leads_by_a_second_press(
    browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path / "standby", hub_id="hub-0002") as standby:
        with standby.hall.hub.store.write() as connection:
            connection.execute(update(tables.state).values(role="following", holds_all=0))
        manager = managing(browser, standby)
        expect(manager.locator("#why-promote")).to_contain_text("It may lack something")
        manager.fill("#promote-pin", MANAGER_PIN.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
        manager.click("#promote")
        expect(manager.locator("#promote")).to_have_text("Take over all the same")
        with standby.hall.hub.read() as look:
            assert look.role == FOLLOWING
        manager.click("#promote")
        expect(manager.locator("#why-promote")).to_contain_text("without central's word", timeout=LONG_MS)
        with standby.hall.hub.read() as look:
            assert look.role == LEADING
