import base64
import json
from pathlib import Path
from typing import Any

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from central.intake.orders import order_code
from central.intake.orders.order_code import Order, OrderCodeError
from common.protocol.codes.order_claims import Payment
from common.protocol.codes.signed_code import MAX_CHARACTERS, PREFIX
from kiosk.desk.order_code import AppKey, Forged, Genuine, Unreadable, read_order_code

GOLDEN = json.loads((Path(__file__).parents[3] / "golden" / "order_codes.json").read_text())
KID = bytes.fromhex(GOLDEN["key"]["kid"])
PUBLIC = base64.b64decode(GOLDEN["key"]["public_key"])
KEY = Ed25519PrivateKey.generate()

KEY_RAW = KEY.public_key().public_bytes_raw()

orders = st.builds(
    Order,
    order_id=st.binary(min_size=16, max_size=16),
    number=st.text("0123456789", min_size=10, max_size=10),
    service=st.sampled_from(["civil-affairs", "plan-copy"]),
    copies=st.integers(1, 99),
    destination=st.sampled_from(["homs-main", "post"]),
    issued_at=st.integers(1, 2**33),
    expires_at=st.integers(1, 2**33),
    payment=st.none() | st.just(Payment("Bank", "REF", 100, "SYP")),
    personal=st.none() | st.binary(min_size=48, max_size=150),
)


def at_central(code: str, public: bytes = PUBLIC) -> Order | None:
    try:
        return order_code.verify(order_code.take_apart(code), public)
    except OrderCodeError:
        return None


def signed(payload: bytes) -> str:
    """Make the code of a payload as this test's own app would."""
    protected = cbor2.dumps({1: -19, 4: KID})
    signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    message = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
    text: str = base45.b45encode(message).decode()
    return PREFIX + text


@pytest.mark.parametrize("sample", GOLDEN["codes"], ids=lambda sample: sample["name"])
def test_central_and_kiosk_read_the_golden_codes_alike(sample: dict[str, Any]) -> None:
    keys = {KID: AppKey(KID, PUBLIC, 0, 2**40)}
    here, there = at_central(sample["code"]), read_order_code(sample["code"], keys=keys, now=1.795e9, tells_time=True)
    if not sample["genuine"]:
        assert here is None
        assert isinstance(there, Unreadable | Forged)
        return
    said = sample["claims"]
    assert here is not None
    assert isinstance(there, Genuine)
    assert (here.order_id.hex(), here.number, here.service) == (said["order_id"], said["number"], said["service"])
    assert (there.order_id, there.order_number, there.service) == (said["order_id"], said["number"], said["service"])
    assert (here.issued_at, here.expires_at, here.copies) == (said["issued_at"], said["expires_at"], said["copies"])
    assert (there.issued, there.expires, there.copies) == (said["issued_at"], said["expires_at"], said["copies"])
    assert here.destination == there.destination == said["destination"]
    assert (there.paid is not None) == said["paid"]
    sealed = base64.b64decode(said["personal"]) if said["personal"] else None
    assert here.personal == there.personal == sealed


@given(orders)
@settings(deadline=None, max_examples=60)
def test_the_kiosk_reads_whatever_central_mints(order: Order) -> None:
    code = order_code.mint(order, b"\x01\x02", KEY)
    keys = {b"\x01\x02": AppKey(b"\x01\x02", KEY.public_key().public_bytes_raw(), 0, 2**40)}
    read = read_order_code(code, keys=keys, now=float(order.issued_at), tells_time=True)
    assert isinstance(read, Genuine)
    assert len(code) <= MAX_CHARACTERS
    assert (bytes.fromhex(read.order_id), read.order_number, read.personal) == (
        order.order_id,
        order.number,
        order.personal,
    )


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_any_changed_byte_makes_a_code_not_genuine(data: st.DataObject) -> None:
    code = GOLDEN["codes"][0]["code"]
    raw = bytearray(base45.b45decode(code.removeprefix(PREFIX)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    assert at_central(PREFIX + base45.b45encode(bytes(raw)).decode()) is None


@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda tail: b"\xd2\x84" + tail))
@settings(deadline=None, max_examples=200)
def test_no_bytes_at_all_are_more_than_a_refusal(raw: bytes) -> None:
    assert at_central(PREFIX + base45.b45encode(raw).decode()) is None


@pytest.mark.parametrize(
    "item",
    [
        b"\xc4\x82\x1b\x7f"
        + b"\xff" * 7
        + b"\x01",  # a decimal fraction of an exponent that there is not (RFC 8949, 3.4.4)
        b"\xc5\x82\x1b\x7f" + b"\xff" * 7 + b"\x01",
        b"\x9b\x7f" + b"\xff" * 7,  # an array longer than any memory
        b"\x81" * 400,
        # A fraction, by its text: 10 to the 999,999,999th is counted out before anything else is looked at.
        b"\xd8\x1e" + cbor2.dumps(["1e999999999"]),
        b"\xd8\x23" + cbor2.dumps("(a+)+$"),
        b"\xc2" + cbor2.dumps(b"\xff" * 200),
    ],
)
def test_cbor_made_to_break_its_reader_is_a_refusal(item: bytes) -> None:
    for before in (b"", b"\xd2", b"\xd2\x84", b"\xd2\x84\x40\xa0\x40"):
        assert at_central(PREFIX + base45.b45encode(before + item).decode()) is None


claims = {1: "muamalati", 4: 2, 6: 1, 7: bytes(16), -70001: "plan-copy", -70002: 1, -70004: "post", -70007: "0" * 10}
odd = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.binary(max_size=16)
    | st.lists(st.integers(), max_size=2) | st.decimals()
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*claims, -70003, -70006]), odd, max_size=3))
@settings(deadline=None, max_examples=150)
def test_whatever_a_genuine_signer_claims_is_an_order_or_a_refusal(changed: dict[int, Any]) -> None:
    found = at_central(signed(cbor2.dumps(claims | changed)), KEY_RAW)
    assert found is None or (found.service + found.destination + found.number).isprintable()


@pytest.mark.parametrize("moment", [float("nan"), float("inf"), float("-inf")])
def test_a_moment_that_is_none_is_no_claim(moment: float) -> None:
    assert at_central(signed(cbor2.dumps(claims)), KEY_RAW) is not None
    assert at_central(signed(cbor2.dumps(claims | {6: moment})), KEY_RAW) is None


def test_a_code_that_would_not_fit_is_not_minted() -> None:
    order = Order(bytes(16), "0" * 10, "civil-affairs", 1, "homs-main", 1, 2, personal=bytes(500))
    with pytest.raises(OrderCodeError, match="700 is the most"):
        order_code.mint(order, b"\0\1", KEY)


def test_numbers_that_an_encoder_writes_longer_than_need_be_are_read_alike_at_both_ends() -> None:
    claims = {1: "muamalati", 6: 1_790_000_000, 7: bytes(16), -70001: "civil-affairs", -70004: "post"}
    payload = bytes([0xA0 + len(claims) + 3]) + b"".join(cbor2.dumps(each) for pair in claims.items() for each in pair)
    payload += cbor2.dumps(-70007) + cbor2.dumps("0123456789")
    payload += cbor2.dumps(-70002) + b"\x18\x01" + b"\x18\x04" + b"\x1b" + (1_900_000_000).to_bytes(8)
    code = signed(payload)
    there = read_order_code(code, keys={KID: AppKey(KID, KEY_RAW, 0, 2**40)}, now=1.795e9, tells_time=True)
    here = at_central(code, KEY_RAW)
    assert isinstance(there, Genuine)
    assert here is not None, "what a kiosk accepts, central must be able to verify"
    assert (here.expires_at, here.copies) == (there.expires, there.copies) == (1_900_000_000, 1)


def test_bytes_after_the_item_make_no_order_at_either_end() -> None:
    message = base45.b45decode(signed(cbor2.dumps({1: "muamalati"})).removeprefix(PREFIX)) + b"\0"
    with pytest.raises(OrderCodeError, match="unreadable-code"):
        order_code.take_apart(PREFIX + base45.b45encode(message).decode())
