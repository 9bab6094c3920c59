"""The page that checks receipts, in a browser without a central. `python -m … FOLDER` draws every outcome."""

import base64
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page, Route, sync_playwright

from central.base import clock
from central.insight.public.texts import LANGUAGES, Language
from central.insight.receipts.parts import Parties
from central.insight.receipts.receipt import Shown, receipt_page
from central.insight.receipts.verify import Known, VerifyPage, verify_page
from common.protocol.codes.issued import IssuerKey
from common.protocol.codes.receipt_code import ISSUER, compose_receipt_code
from tests.golden.write_receipt_codes import CODES, KID, RECEIPT
from tests.hub.pages.conftest import CHROMIUM, FLAGS

NOON: Final = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
ADDRESS: Final = "https://central.example/v"
GOLDEN: Final[dict[str, Any]] = json.loads(CODES.read_text(encoding="utf-8"))
KEY: Final = IssuerKey(KID, base64.b64decode(GOLDEN["key"]["public_key"]), issuer=ISSUER)
OTHERS: Final = (GOLDEN["key"]["app_kid"],)
PARTIES: Final = Parties(
    {"homs-water": {"ar": "مؤسسة المياه", "en": "Water authority"}}, {"shamcash": {"ar": "شام كاش", "en": "Sham Cash"}}
)
_TRIAL: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TRIAL: Final = IssuerKey(b"tria", _TRIAL.public_key().public_bytes_raw(), issuer="sandbox")
RETIRED: Final = replace(KEY, kid=b"gone", is_retired=True)
STATES: Final = {
    "empty": "",
    "genuine": GOLDEN["codes"][0]["code"],
    "forged": next(one["code"] for one in GOLDEN["codes"] if one["is"] == "forged"),
    "unknown-key": next(one["code"] for one in GOLDEN["codes"] if one["is"] == "unverified"),
    "trial": compose_receipt_code(RECEIPT, TRIAL.kid, _TRIAL, "sandbox"),
    "unreadable": "SY1:ABC",
}


def receipt_states() -> dict[str, Shown | None]:
    """Return every state that a receipt's page has words for."""
    row: Any = SimpleNamespace(
        bill_no="M1-261128-0007-1", biller="homs-water", payer="shamcash", amount=4_250_000, currency="SYP",
        pound="new", receipt=None, payer_receipt="88001234", refund_receipt=None, reason=None, order_id=None,
        paid_at="2026-11-28T08:55:00.000000Z", dies_at="2026-11-28T09:05:00.000000Z", proof=None,
    )  # fmt: skip
    late = replace(PARTIES, late={"shamcash": 5})

    def made(state: str, seal: str | None = None, of: Parties = PARTIES, **more: Any) -> Shown:
        return Shown(SimpleNamespace(**(vars(row) | {"state": state} | more)), of, seal)  # type: ignore[arg-type]

    unpaid: dict[str, Any] = {"payer_receipt": None, "paid_at": None}
    return {
        "opened": made("opened", **unpaid),
        "opened-late": made("opened", of=late, **unpaid),
        "unknown": made("unknown", **unpaid),
        "paid": made("paid"),
        "marked": made("marked", STATES["genuine"], receipt="W-2026-000123"),
        "expired": made("expired", **unpaid),
        "refund-due": made("refund-due", reason="paid-elsewhere"),
        "refund-due-cash": made("refund-due", payer="cash", reason="twice"),
        "refunded": made("refunded", reason="amount-changed", refund_receipt="R-88"),
        "gone": None,
    }


def drawn(language: Language = "ar", *keys: IssuerKey) -> VerifyPage:
    return verify_page(Known(keys or (KEY, TRIAL, RETIRED), OTHERS, PARTIES, NOON), language)


class Asked:
    """What the page has asked of any server: itself, and nothing else."""

    def __init__(self, opened: Page, page: VerifyPage) -> None:
        self.urls: list[str] = []
        self._page = page
        opened.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        self.urls.append(route.request.url)
        headers = {"Content-Security-Policy": self._page.policy, "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(body=self._page.body, headers=headers)


def open_verify(browser: Browser, code: str, language: Language, *keys: IssuerKey) -> tuple[Page, Asked]:
    """Open the page and have a code checked, as somebody who pastes it does."""
    opened = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce").new_page()
    asked = Asked(opened, drawn(language, *keys))
    opened.goto(ADDRESS)
    if code:
        opened.locator("#code").fill(code)
        opened.locator("#form button:not([type])").click()
        opened.locator("#result").wait_for()
    return opened, asked


def draw(folder: Path) -> None:
    """Draw every outcome in each language."""
    clock.now = lambda: NOON
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in LANGUAGES:
            for state, code in STATES.items():
                opened, _ = open_verify(browser, code, language)
                path = folder / language / f"page-verify-{state}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                opened.screenshot(path=path, full_page=True)
                opened.context.close()
            for name, payment in receipt_states().items():
                opened = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
                opened.set_content(receipt_page(payment, language)[0].decode())
                opened.screenshot(path=folder / language / f"page-receipt-{name}.png", full_page=True)
                opened.context.close()
        browser.close()


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
