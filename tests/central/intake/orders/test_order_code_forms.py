"""An order's code whole: what central puts into one, and the reason for which it takes each other form for none."""

import base64
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import base45
import cbor2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.intake.orders import card_order, order_code
from central.intake.orders.order_code import Order, OrderCodeError
from common.city.brand.brand import brand
from common.protocol.codes.order_claims import Payment

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KID = b"\x00\xff"
ORDER = Order(bytes(range(16)), "0123456789", "civil-affairs", 2, "homs-main", 1_700_000_000, 1_800_000_000)
CLAIMS: dict[int, Any] = {
    1: brand().app.issuer, 4: 1_800_000_000, 6: 1_700_000_000, 7: bytes(range(16)), -70001: "civil-affairs",
    -70002: 2, -70004: "homs-main", -70007: "0123456789",
}  # fmt: skip
HEADER = {1: -19, 4: KID}


def text(message: object) -> str:
    return f"SY1:{base45.b45encode(cbor2.dumps(message)).decode()}"


def sealed(claims: object, header: object = None, *, unprotected: object = None, by: Any = KEY) -> str:
    protected, payload = cbor2.dumps(HEADER if header is None else header), cbor2.dumps(claims)
    signature = by.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    return text(cbor2.CBORTag(18, [protected, {} if unprotected is None else unprotected, payload, signature]))


def read(code: str) -> Order:
    return order_code.verify(order_code.take_apart(code), KEY.public_key().public_bytes_raw())


def test_a_minted_code_holds_the_whole_order_under_the_app_s_header() -> None:
    paid = replace(ORDER, payment=Payment("Bank", "REF", 15000, "SYP"), personal=b"block")
    for order, more in ((ORDER, {}), (paid, {-70003: {1: "Bank", 2: "REF", 3: 15000, 4: "SYP"}, -70006: b"block"})):
        code = order_code.mint(order, KID, KEY)
        assert code.startswith("SY1:")
        message = cbor2.loads(base45.b45decode(code.removeprefix("SY1:")))
        protected, unprotected, payload, signature = message.value
        assert (message.tag, cbor2.loads(protected), unprotected) == (18, HEADER, {})
        assert cbor2.loads(payload) == CLAIMS | more
        apart = order_code.take_apart(code)
        assert (apart.kid, apart.protected, apart.payload, apart.signature) == (KID, protected, payload, signature)
        assert read(code) == replace(order, payment=None)
    assert order_code.seal_info(bytes(range(16))) == b"muamalati-seal-1\n000102030405060708090a0b0c0d0e0f"


def test_a_code_is_as_long_as_readers_take_it_and_no_longer() -> None:
    short = len(order_code.mint(replace(ORDER, personal=bytes(260)), KID, KEY))
    largest = replace(ORDER, personal=bytes(260 + (700 - short) * 2 // 3))  # two bytes are three characters
    code = order_code.mint(largest, KID, KEY)
    assert (len(code), read(code)) == (700, largest)
    with pytest.raises(OrderCodeError, match=r"^the code would have 702 characters, 700 is the most$"):
        order_code.mint(replace(largest, personal=(largest.personal or b"") + b"x"), KID, KEY)


def test_older_signers_and_moments_with_a_fraction_are_read_too() -> None:
    assert read(sealed(CLAIMS, {1: -8, 4: KID})) == ORDER
    assert read(sealed(CLAIMS | {4: 1_800_000_000.9, 6: 1_700_000_000.5, 99: "later"})) == ORDER


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("SY2:00", "unreadable-code"),
        ("SY1:" + "0" * 697, "unreadable-code"),
        ("SY1:" + "0" * 696, "unreadable-code"),
        ("SY1:!", "unreadable-code"),
        ("SY1:", "unreadable-code"),
        (text([b"", {}, b"", b""]), "unreadable-code"),
        (text(cbor2.CBORTag(17, [b"", {}, b"", b""])), "unreadable-code"),
        (text(cbor2.CBORTag(18, [b"", {}, b""])), "unreadable-code"),
        (text(cbor2.CBORTag(18, ["", {}, b"", b""])), "unreadable-code"),
        (sealed(CLAIMS, unprotected={4: KID}), "unreadable-code"),
        (sealed(CLAIMS, [1]), "unreadable-code"),
        (sealed(CLAIMS, {1: -7, 4: KID}), "unreadable-code"),
        (sealed(CLAIMS, {1: -19}), "unreadable-code"),
        (sealed(CLAIMS, {1: -19, 4: "ab"}), "unreadable-code"),
        (sealed(CLAIMS, {1: -19, 4: b"abc"}), "unreadable-code"),
        (sealed(CLAIMS, {1: -19, 4: b"abcd"}), "unreadable-code"),
        (sealed(CLAIMS, by=Ed25519PrivateKey.from_private_bytes(bytes(32))), "bad-signature"),
        (sealed([CLAIMS]), "unreadable-code"),
        (sealed(CLAIMS | {1: "another"}), "unreadable-code"),
        (sealed(CLAIMS | {7: bytes(15)}), "unreadable-code"),
        (sealed(CLAIMS | {7: bytes(17)}), "unreadable-code"),
        (sealed(CLAIMS | {-70001: "a\n"}), "unreadable-code"),
        (sealed(CLAIMS | {-70004: "a\n"}), "unreadable-code"),
        (sealed(CLAIMS | {-70007: "1\x00"}), "unreadable-code"),
        (sealed(CLAIMS | {-70006: "block"}), "unreadable-code"),
        (sealed(CLAIMS | {4: float("inf")}), "unreadable-code"),
        *((sealed({name: value for name, value in CLAIMS.items() if name != gone}), "unreadable-code")
          for gone in CLAIMS),
    ],
)  # fmt: skip
def test_each_other_form_is_refused_by_its_reason(code: str, reason: str) -> None:
    with pytest.raises(OrderCodeError) as refused:
        read(code)
    assert (refused.value.reason, str(refused.value)) == (reason, reason)


def test_bytes_behind_the_one_item_are_named() -> None:
    message = cbor2.dumps(cbor2.CBORTag(18, [])) + b"\x00"
    with pytest.raises(OrderCodeError, match=r"^unreadable-code$"):
        order_code.take_apart("SY1:" + base45.b45encode(message).decode())


TOUCH = "CARD1:touch"


@pytest.mark.parametrize(
    ("code", "changed", "service"),
    [
        (TOUCH, {}, "civil-affairs"),
        ("CARD1:" + "x" * 80, {}, "civil-affairs"),
        ("CARD1:" + "x" * 81, {}, None),
        ("CARD1:", {}, None),
        ("CARD1:a b", {}, None),
        (TOUCH, {"outcome": "accepted"}, None),
        (TOUCH, {"order_id": "0" * 32}, None),
    ],
)
def test_an_order_by_card_is_one_as_a_kiosk_makes_it(code: str, changed: dict[str, str], service: str | None) -> None:
    body = {"service": "civil-affairs", "outcome": "accepted_unpaid"} | changed
    item: Any = SimpleNamespace(body=base64.b64encode(msgspec.json.encode(body)).decode())
    assert card_order.service_of(item, code) == service
    assert card_order.service_of(SimpleNamespace(body="no base64"), code) is None  # type: ignore[arg-type]


def test_one_touch_at_one_kiosk_is_one_order() -> None:
    names = {card_order.order_id(kiosk, code) for kiosk in ("kiosk-1", "kiosk-2") for code in (TOUCH, TOUCH + "2")}
    assert {len(name) for name in names} == {32}
    assert len(names) == 4
    assert card_order.order_id("kiosk-1", TOUCH) == card_order.order_id("kiosk-1", TOUCH)
    assert [card_order.is_card_order(code) for code in (TOUCH, "CARD1", "SY1:x")] == [True, False, False]
