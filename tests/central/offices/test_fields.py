"""Fields of the offices' pages in an English browser: none is the browser's own, and none speaks its language."""

# ruff: noqa: F811 - fixtures by their names

from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.central.offices.test_pages import LATER, Office, office, opened, paths, session  # noqa: F401 - fixtures

Cookies = list[dict[str, str]]
OF_THE_BROWSER: Final = "input:is([type=date], [type=month], [type=time], [type=datetime-local], [type=number])"


def test_no_page_has_a_field_whose_order_or_words_are_the_browsers(
    browser: Browser, office: Office, session: Cookies
) -> None:
    page = opened(browser, office, session, "ar", "office", "/offices/announcing")
    for path in paths(office).values():
        page.goto(office.url + path)
        assert page.locator(OF_THE_BROWSER).count() == 0, path
    page.context.close()


def test_a_day_is_typed_in_either_script_and_what_is_none_is_said_in_the_pages_words(
    browser: Browser, office: Office, session: Cookies
) -> None:
    page = opened(browser, office, session, "ar", "phone", "/offices/announcing")
    form = page.locator("form[action='/offices/announcing/days']")
    form.get_by_label("التاريخ").fill("25/12")
    form.get_by_label("بالعربية").fill("جرد")
    form.get_by_label("بالإنكليزية").fill("Stocktaking")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("لم تُقرأ خانة التاريخ. اكتب سنة/شهر/يوم، مثل 2026/12/31.")
    expect(form.get_by_label("بالعربية")).to_have_value("جرد")
    page.screenshot(path="build/screenshots/offices/announcing-mistyped-phone-ar.png", full_page=True)
    arabic = str.maketrans("0123456789-", "٠١٢٣٤٥٦٧٨٩/")
    form.get_by_label("التاريخ").fill(LATER.translate(arabic))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("rowheader", name=LATER[:4])).to_have_count(2)
    page.context.close()


def test_a_file_is_chosen_by_our_own_button_and_its_name_stands_in_the_place_of_our_words(
    browser: Browser, office: Office, session: Cookies
) -> None:
    """The browser here is an English one: its *Choose File* and *No file chosen* are not to be seen."""
    page = opened(browser, office, session, "ar", "phone", "/offices/publish")
    field, none = page.locator("#file"), page.get_by_text("لم يُختر ملف بعد")
    expect(none).to_be_visible()
    expect(field).to_have_css("color", "rgba(0, 0, 0, 0)")
    assert field.evaluate("(one) => getComputedStyle(one, '::file-selector-button').display") == "none"
    page.screenshot(path="build/screenshots/offices/publish-no-file-phone-ar.png", full_page=True)
    with page.expect_file_chooser(timeout=5_000):
        page.get_by_text("اختر ملفاً").click()
    page.get_by_role("link", name="نزّل الجدول").focus()
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    assert page.locator(".file .button").evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
    with page.expect_file_chooser(timeout=5_000) as choosing:
        page.keyboard.press("Enter")
    choosing.value.set_files({"name": "filled.csv", "mimeType": "text/csv", "buffer": b"code,fee\nwater-bill,ten\n"})
    expect(none).to_be_hidden()
    expect(field).not_to_have_css("color", "rgba(0, 0, 0, 0)")
    assert Axe().run(page).violations_count == 0
    page.screenshot(path="build/screenshots/offices/publish-file-phone-ar.png", full_page=True)
    page.get_by_role("button", name="عاين أولاً").click()
    expect(page.get_by_role("alert")).to_contain_text("B2 (fee)")
    page.locator("form[enctype]").get_by_role("button", name="انشر").click()
    expect(page.get_by_role("alert")).to_have_text("اختر الجدول المملوء أولاً.")
    page.context.close()
