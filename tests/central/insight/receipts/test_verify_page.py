"""The page that checks receipts: it judges as central's own reader does, speaks to nobody, and works offline."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from central.insight.public.texts import LANGUAGES, Language, tell
from common.city.money import money
from common.protocol.codes import signed_code
from common.protocol.codes.issued import Forged, Genuine, Unreadable, Unverified
from common.protocol.codes.receipt_code import read_receipt_code
from tests.central.insight.receipts.phone import ADDRESS, GOLDEN, KEY, OTHERS, RETIRED, STATES, drawn, open_verify
from tests.golden.write_receipt_codes import NOW, key
from tests.hub.pages.counter.test_counter import violations

pytestmark = pytest.mark.timeout(180)
IS = {Genuine: "genuine", Forged: "forged", Unverified: "unverified", Unreadable: "unreadable"}
SAID = {1: "receipts", 6: NOW, 7: bytes(16), -70201: "homs-water", -70202: "W-1", -70203: "shamcash"}
SAID |= {-70204: "88", -70205: "M1-1", -70206: 100, -70207: "SYP", -70208: "new"}


def by_central(code: str) -> str:
    others = [bytes.fromhex(one) for one in OTHERS]
    return IS[type(read_receipt_code(code, keys={KEY.kid: KEY}, others=others))]


def test_both_readers_judge_alike(browser: Browser) -> None:
    """Golden codes, each cut or changed at every tenth place, and claims of every odd form."""
    odd: list[dict[int, Any]] = [{6: 1.795e9}, {6: 1.5}, {6: float("nan")}, {6: -1}, {6: True}, {6: None}, {7: b"1"}]
    odd += [{-70206: 10**12}, {-70206: 10**12 + 1}, {-70206: 1.0}, {-70206: 2**63}, {-70202: "W 1"}, {-70202: ""}]
    odd += [{-70205: "é"}, {-70201: "Homs"}, {-70207: "syp"}, {99: [1, {2: 3}]}, {99: [[[1]]]}, {99: list(range(33))}]
    codes = [one["code"] for one in GOLDEN["codes"]]
    codes += [signed_code.compose(SAID | more, KEY.kid, key()) for more in odd]
    good = codes[0]
    codes += [good[:at] + ("0" if good[at] != "0" else "1") + good[at + 1 :] for at in range(0, len(good), 10)]
    codes += [good[:at] for at in range(0, len(good), 10)] + [good + "0", good.lower(), "\n" + good + "\r\n"]
    opened, _ = open_verify(browser, "", "ar", KEY)
    found = opened.evaluate("async (codes) => Promise.all(codes.map(async (one) => (await judge(one)).is))", codes)
    assert found == [by_central(one) for one in codes]
    assert {"genuine", "forged", "unverified", "unreadable"} == set(found)
    opened.context.close()


def test_no_server_ever_gets_the_code(browser: Browser) -> None:
    opened, asked = open_verify(browser, STATES["genuine"], "en")
    expect(opened.locator("#verdict")).to_have_text(tell("en", "verify.genuine"))
    opened.evaluate(f"location.hash = encodeURIComponent({STATES['forged']!r})")
    expect(opened.locator("#verdict")).to_have_text(tell("en", "verify.forged"))
    assert asked.urls == [ADDRESS]
    refused = opened.evaluate("fetch('/v?leak=1').then(() => 'sent', () => 'refused')")
    assert (refused, asked.urls) == ("refused", [ADDRESS]), "the policy lets it speak to nobody"
    opened.context.close()


def test_a_saved_copy_checks_without_a_network(browser: Browser, tmp_path: Path) -> None:
    copy = tmp_path / "copy.html"
    copy.write_bytes(drawn("en").body)
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto(copy.as_uri())
    opened.locator("#code").fill(f"{ADDRESS}#{STATES['genuine']}")
    opened.get_by_role("button", name=tell("en", "verify.check")).click()
    expect(opened.locator("#verdict")).to_have_text(tell("en", "verify.genuine"))
    facts = opened.locator("#facts")
    for said in (
        "Water authority",
        "42,500 new Syrian pounds",
        "W-2026-000123",
        "Sham Cash",
        "88001234",
        "M1-261128-0007-1",
    ):
        expect(facts).to_contain_text(said)
    expect(facts).to_contain_text("2026/11/18 14:06")  # by the centre's clock, whatever zone this device is in
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sums_are_called_as_central_calls_them(browser: Browser, language: Language) -> None:
    opened, _ = open_verify(browser, "", language, KEY)
    for pound in ("new", "old"):
        for minor in (1, 100, 150, 200, 300, 1_100, 10_000, 10_300, 4_250_000):
            code = signed_code.compose(SAID | {-70206: minor, -70208: pound}, KEY.kid, key())
            opened.locator("#code").fill(code)
            opened.locator("#form button:not([type])").click()
            expect(
                opened.locator("#facts").get_by_text(money(minor, "SYP", pound)[language], exact=True)
            ).to_be_visible()
    opened.context.close()


def test_a_key_that_was_withdrawn_or_rotated_is_not_believed(browser: Browser) -> None:
    code = STATES["genuine"]
    for known, is_what in ((replace(RETIRED, kid=KEY.kid), "unverified"), (replace(KEY, signs_until=NOW), "forged")):
        opened, _ = open_verify(browser, code, "en", known)
        expect(opened.locator("#result")).to_have_attribute("data-is", is_what)
        opened.context.close()


def test_a_trial_s_receipt_is_never_called_genuine(browser: Browser) -> None:
    opened, _ = open_verify(browser, STATES["trial"], "en")
    expect(opened.locator("#means")).to_have_text(tell("en", "verify.trial_means"))
    opened.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_outcome_fits_a_phone_and_axe_finds_nothing(browser: Browser, state: str, language: Language) -> None:
    opened, _ = open_verify(browser, STATES[state], language)
    for width in (320, 390, 1280):
        opened.set_viewport_size({"width": width, "height": 800})
        assert violations(opened) == [], width
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    opened.locator("#language").click()
    expect(opened.locator("html")).to_have_attribute("dir", "ltr" if language == "ar" else "rtl")
    opened.context.close()


def test_without_a_script_the_page_says_so(browser: Browser, tmp_path: Path) -> None:
    copy = tmp_path / "copy.html"
    copy.write_bytes(drawn("ar").body)
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(copy.as_uri())
    for language in LANGUAGES:
        expect(opened.get_by_text(tell(language, "verify.script"))).to_be_visible()
    expect(opened.locator("#form")).to_be_hidden()
    context.close()


def test_the_page_is_small() -> None:
    assert len(drawn("ar").body) < 40_000
