"""Reading order codes: the genuine one in full, the clock, the keys."""

from dataclasses import replace

import base45
import cbor2
import pytest

from common.protocol.codes.order_claims import Payment
from kiosk.desk.order_code import (
    Forged,
    Genuine,
    OrderCode,
    Unreadable,
    Unverified,
    normal_order_number,
    read_order_code,
)
from tests.kit.order_codes import (
    CLAIMS,
    KID,
    NOW,
    ORDER,
    ORDER_ID,
    OTHER_KEY,
    app_key,
    code_of,
    genuine,
    read,
    signed,
    signed_parts,
)


def test_a_code_minted_by_central_says_all_that_the_app_said() -> None:
    code = read(genuine())
    assert isinstance(code, Genuine)
    assert code.order_id == ORDER_ID.hex()
    assert (code.service, code.copies, code.destination, code.order_number) == (
        "civil-affairs",
        2,
        "homs-main",
        "0123456789",
    )
    assert code.paid == Payment("cbs", "REF-1", 250_000, "SYP")
    assert (code.issued, code.expires, code.personal, code.kid) == (NOW - 3600, NOW + 86_400, b"\x55" * 128, KID)


def test_an_unpaid_code_without_personal_block_is_genuine() -> None:
    code = read(genuine(replace(ORDER, payment=None, personal=None)))
    assert isinstance(code, Genuine)
    assert code.paid is None
    assert code.personal is None


def test_line_ends_around_a_code_are_ignored_and_spaces_are_not() -> None:
    text = genuine()
    assert read(text + "\r\n") == read(text)
    assert isinstance(read(text + " "), Unreadable)


def test_an_older_signers_algorithm_name_is_taken_and_the_key_decides() -> None:
    older = signed(header={1: -8, 4: KID})
    assert isinstance(read(older), Genuine)
    assert isinstance(read(older, app_key(alg=-8)), Genuine)
    assert read(genuine(), app_key(alg=-8)) == Forged("algorithm")


def test_floating_dates_are_numeric_dates_too() -> None:
    code = read(signed(CLAIMS | {4: NOW + 86_400.5, 6: NOW - 3600.25}))
    assert isinstance(code, Genuine)
    assert (code.issued, code.expires) == (NOW - 3601, NOW + 86_400)


def test_an_unknown_key_is_unverified_and_claims_are_only_claimed() -> None:
    code = read(genuine(), keys={})
    assert isinstance(code, Unverified)
    assert code.reason == "unknown-key"
    assert not isinstance(code.claimed, Genuine)


def test_a_bad_signature_is_forged() -> None:
    assert read(signed(key=OTHER_KEY)) == Forged("signature")
    wrong_size = [*signed_parts()[:3], b"\x00" * 63]
    assert read(code_of(cbor2.dumps(cbor2.CBORTag(18, wrong_size)))) == Forged("signature")


@pytest.mark.parametrize(
    ("revoked_at", "is_forged"), [(NOW - 3601, True), (NOW - 3600, True), (NOW - 3599, False), (NOW, False)]
)
def test_a_revoked_key_signs_nothing_since_its_revocation(revoked_at: int, is_forged: bool) -> None:
    code = read(genuine(), app_key(revoked_at=revoked_at))
    assert (code == Forged("revoked")) is is_forged
    assert isinstance(code, Forged | Genuine)


@pytest.mark.parametrize("window", [{"valid_from": NOW - 3599}, {"valid_until": NOW - 3601}])
def test_a_code_issued_outside_its_keys_time_is_unverified(window: dict[str, int]) -> None:
    code = read(genuine(), app_key(**window))
    assert isinstance(code, Unverified)
    assert code.reason == "key-not-valid"


@pytest.mark.parametrize(
    ("tells_time", "now", "floor", "kind"),
    [
        (True, NOW, 0, Genuine),
        (False, NOW, 0, Unverified),
        (False, 0, NOW + 86_400, Genuine),  # expired on any clock: judged as expired
        (False, 0, NOW + 86_399, Unverified),
        (True, NOW - 3600 - 301, 0, Unverified),  # issued in the future: this clock is behind
        (True, NOW - 3600 - 299, 0, Genuine),
        (True, NOW + 999_999_999, 0, Genuine),  # expired: an outcome, not a matter of trust
    ],
)
def test_dates_are_judged_only_as_far_as_the_clock_is_trusted(
    tells_time: bool, now: int, floor: int, kind: type[OrderCode]
) -> None:
    code = read(genuine(), tells_time=tells_time, now=now, not_before=floor)
    assert isinstance(code, kind)
    assert not isinstance(code, Unverified) or code.reason == "clock"


def test_a_forged_code_stays_forged_on_an_untrusted_clock() -> None:
    assert read(signed(key=OTHER_KEY), tells_time=False) == Forged("signature")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0123456789", "0123456789"),
        ("01234 56789", "0123456789"),
        ("012-345-6789", "0123456789"),
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
        ("012345678", None),
        ("01234567890", None),
        ("012345678x", None),
        ("०१२३४५६७८९", None),  # Devanagari: digits, and not ours
        ("", None),
    ],
)
def test_a_typed_order_number_is_ten_digits_of_ours(typed: str, number: str | None) -> None:
    assert normal_order_number(typed) == number


def test_base45_that_says_more_than_two_bytes_is_unreadable() -> None:
    with pytest.raises(ValueError, match="Invalid"):
        base45.b45decode(":::")
    assert isinstance(read_order_code("SY1::::", keys={}, now=NOW, tells_time=True), Unreadable)
