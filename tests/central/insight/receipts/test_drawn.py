"""Both pages of receipts without a browser: what each state says, markup, policy, what a script knows."""

import base64
import hashlib
import re
from typing import Any, Final

import msgspec
import pytest

from central.base import clock
from central.insight.public.texts import LANGUAGES, texts
from central.insight.receipts.parts import Parties
from central.insight.receipts.receipt import Shown, facts_of, lines_of, receipt_page
from common.city.brand.brand import brand
from tests.central.insight.receipts.phone import KEY, NOON, OTHERS, PARTIES, RETIRED, STATES, drawn, receipt_states

SEAL: Final = STATES["genuine"]
UNPAID: Final = [
    ("Biller", "Water authority"), ("Amount", "42,500 new Syrian pounds"), ("Way to pay", "Sham Cash"),
    ("Our bill number", "M1-261128-0007-1"),
]  # fmt: skip


def facts(*more: tuple[str, str], by: str = "Sham Cash", entered: str | None = None) -> list[tuple[str, str]]:
    """Return what is known of a payment that came."""
    return [
        ("Paid to", "Water authority"), ("Amount", "42,500 new Syrian pounds"), ("Paid at", "2026/11/28 11:55"),
        *([("The biller's receipt number", entered)] if entered else []), ("Paid through", by),
        ("Number of the payment there", "88001234"), *more, ("Our bill number", "M1-261128-0007-1"),
    ]  # fmt: skip


UNKNOWN: Final = "We do not know yet whether it was paid"
BANK: Final = (
    "If you have paid with your bank's app, we learn of it from the bank's file, which may take days. Do not pay again."
)
BACK: Final = (
    "It goes back through Sham Cash to the account that it was paid from. You need do nothing. If it takes long, ask "
    "the cashier with the bill number."
)
SAID: Final[dict[str, tuple[list[str], list[tuple[str, str]]]]] = {
    "opened": (["Not paid yet", "It can be paid until 12:05."], UNPAID),
    "opened-late": (
        [UNKNOWN, BANK], UNPAID,
    ),
    "unknown": (
        [UNKNOWN, "We are asking the payer. Do not pay again: if it was paid, it will be entered or given back."],
        UNPAID,
    ),
    "paid": (
        ["Paid, and being entered", "Do not pay again. The amount is either entered by the biller or given back."],
        facts(),
    ),
    "marked": (
        ["Paid and entered", "The biller has entered it; this is its receipt."], facts(entered="W-2026-000123"),
    ),
    "expired": (
        ["The time is over and nothing was paid",
         "If money was taken from you all the same, it will be entered or given back."], UNPAID,
    ),
    "refund-due": (
        ["The money goes back to you", "The bill had been paid in another way.",
         BACK], facts(),
    ),
    "refund-due-cash": (
        ["The money goes back to you", "This bill was paid twice.",
         "The cashier gives it back in cash. Bring the bill number."], facts(by="in cash at the cashier"),
    ),
    "refunded": (
        ["The money was given back", "The amount of the bill changed before the payment was entered.",
         "It went back through Sham Cash to the account that it was paid from."],
        facts(("Number of the refund", "R-88")),
    ),
}  # fmt: skip
OVER: Final = {"marked", "expired", "refunded"}
PAGE: Final = """<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>Payment of a bill</title>
<style>…</style>
</head>
<body>
<main data-state="marked">
<h1>Paid and entered</h1>
<p class="means">The biller has entered it; this is its receipt.</p>
<dl>
{facts}
</dl>
<h2 class="sub">The receipt&#39;s code: anybody can check it</h2>
<div class="qr" role="img" aria-label="The receipt&#39;s code: anybody can check it"><svg…</svg></div>
<p class="center"><a href="/v?lang=en#{seal}">Check this receipt</a></p>
<p class="small">As we know it now, 2026/11/28 12:00.</p>
</main>
<nav><a href="?lang=ar" lang="ar" hreflang="ar">العربية</a></nav>
</body>
</html>"""


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def of_state(name: str, **more: Any) -> Shown:
    found = receipt_states()[name]
    assert found is not None
    for field, value in more.items():
        setattr(found.row, field, value)
    return found


def hashed(page: str, tag: str) -> str:
    """Return by what a policy permits what stands in a page under this tag."""
    found = re.search(rf"<{tag}>(.*?)</{tag.split(maxsplit=1)[0]}>", page, re.DOTALL)
    assert found
    return base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()


def test_every_state_is_looked_at() -> None:
    assert [*SAID, "gone"] == list(receipt_states())


@pytest.mark.parametrize("name", SAID)
def test_each_state_says_what_it_means_and_what_is_known(name: str) -> None:
    shown = of_state(name)
    assert (lines_of(shown, "en"), facts_of(shown, "en")) == SAID[name]
    assert shown.is_over is (name in OVER)


def test_a_time_that_is_over_a_reason_without_words_and_parties_without_names() -> None:
    assert [of_state("opened", dies_at=at).state for at in ("2026-11-28T09:00:00.000000Z", "2026-11-28T08:59:59Z")] == [
        "opened", "unknown",
    ]  # fmt: skip
    assert of_state("marked", state="told").state == "marked"
    assert not of_state("unknown", state="inquired").is_over
    assert len(lines_of(of_state("refund-due", reason="another"), "en")) == 2
    nameless = Shown(of_state("paid").row, Parties({}, {}), None)
    assert [value for _, value in facts_of(nameless, "en")][:4:3] == ["homs-water", "shamcash"]
    assert facts_of(of_state("paid", order_id="0f" * 16), "en")[0] == ("Paid to", "The fee of an order at the centre")


def test_a_receipt_is_drawn_whole_with_its_code_and_may_load_nothing() -> None:
    body, policy = receipt_page(of_state("marked"), "en")
    page = body.decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashed(page, 'style')}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    bare = re.sub(r"<style>.*?</style>", "<style>…</style>", page, flags=re.DOTALL)
    bare = re.sub(r"<svg.*?</svg>", "<svg…</svg>", bare, flags=re.DOTALL)
    rows = "\n".join(
        f"<div><dt>{name.replace(chr(39), '&#39;')}</dt><dd><bdi>{value}</bdi></dd></div>"
        for name, value in SAID["marked"][1]
    )
    quoted = "".join(one if one.isalnum() or one in "-._~" else f"%{ord(one):02X}" for one in SEAL)
    assert bare == PAGE.format(facts=rows, seal=quoted)


def test_without_a_code_none_is_offered_and_a_page_of_no_payment_is_one_page() -> None:
    for name in ("paid", "refunded"):
        page = receipt_page(of_state(name), "ar")[0].decode()
        assert [part for part in ("<svg", "/v?", 'class="qr"') if part in page] == []
        assert f'<main data-state="{name}">' in page
    gone = receipt_page(None, "en")[0].decode()
    said = texts("en")
    assert (
        f'<main data-state="gone">\n<h1>{said["receipt.gone"]}</h1>\n<p>{said["receipt.gone_why"]}</p>\n</main>' in gone
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_that_checks_knows_keys_names_money_and_words_and_runs_its_own_script_alone(language: Any) -> None:
    made = drawn(language, KEY, RETIRED)
    page, money = made.body.decode(), brand().currency
    assert made.policy == (
        f"default-src 'none'; script-src 'sha256-{hashed(page, 'script type="module"')}'; "
        f"style-src 'sha256-{hashed(page, 'style')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    (told,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert "<" not in told

    def key(one: Any, *, retired: bool) -> dict[str, Any]:
        public = base64.b64encode(one.public_key).decode()
        return {"kid": one.kid.hex(), "public_key": public, "signs_until": one.signs_until, "retired": retired,
                "issuer": "receipts"}  # fmt: skip

    assert msgspec.json.decode(told) == {
        "as_of": "2026/11/28 12:00",
        "keys": [key(KEY, retired=False), key(RETIRED, retired=True)],
        "others": list(OTHERS),
        "names": {"billers": PARTIES.billers, "payers": PARTIES.payers},
        "currency": {
            "code": "SYP", "exponent": money.exponent, "names": money.names, "counted": money.counted,
            "former_counted": money.former_counted,
        },
        "zone": "Asia/Damascus",
        "texts": {one: {name: said for name, said in texts(one).items() if name[:7] == "verify."} for one in LANGUAGES},
    }  # fmt: skip
