"""The code on an identity card. Every person here is made up; no fixture comes from a real card."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.identity_card import IdentityCard, NotIdentityCard, Problem, parse_identity_card
from devices.masked import Masked

TEXT = "فاطمة#العلي#محمد#خديجة#ريف دمشق 5-3-1984#04012345678"
TAIL = "#4408?=8#x#".encode("cp1256") + bytes(range(256)) + b"#"


def card_of(payload: bytes) -> IdentityCard:
    card = parse_identity_card(payload)
    assert isinstance(card, IdentityCard), card
    return card


def fields_of(card: IdentityCard) -> list[str]:
    return [
        field.reveal()
        for field in (
            card.first_name,
            card.family_name,
            card.father,
            card.mother,
            card.birth_place,
            card.birth_date,
            card.national_number,
        )
    ]


EXPECTED = ["فاطمة", "العلي", "محمد", "خديجة", "ريف دمشق", "1984-03-05", "04012345678"]


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(TEXT.encode("cp1256"), id="windows-1256, six fields"),
        pytest.param(TEXT.encode("cp1256") + TAIL, id="windows-1256 with a binary tail"),
        pytest.param(TEXT.encode("cp1256") + b"#\r\n", id="with line end"),
        pytest.param((TEXT.encode("cp1256") + TAIL).decode("latin-1").encode(), id="converted as Latin-1"),
        pytest.param(TEXT.encode("cp1256").decode("cp1252", "ignore").encode(), id="converted as windows-1252"),
        pytest.param(TEXT.encode(), id="converted rightly to UTF-8"),
        pytest.param(TEXT.encode().decode("latin-1").encode(), id="UTF-8 converted once more as Latin-1"),
        pytest.param(TEXT.encode("cp1256").decode("latin-1").encode().decode("latin-1").encode(), id="converted twice"),
        pytest.param(
            TEXT.replace("04012345678", "٠٤٠١٢٣٤٥٦٧٨").replace("5-3-1984", "٥-٣-١٩٨٤").encode(),
            id="Arabic-Indic digits",
        ),
        pytest.param(TEXT.replace("#", " # ").encode("cp1256"), id="spaces around fields"),
        pytest.param(TEXT.replace("5-3-1984", "05 / 03 / 1984").encode("cp1256"), id="another date separator"),
        pytest.param(("\u200f" + TEXT.replace("#", "\u200e#")).encode(), id="direction marks"),
    ],
)
def test_a_card_reads_the_same_however_the_scanner_sends_it(payload: bytes) -> None:
    card = card_of(payload)
    assert fields_of(card) == EXPECTED
    assert card.problems == ()
    assert card.can_identify


def test_a_conversion_that_mixes_two_code_pages_is_undone() -> None:
    """Windows turns 98 (KEHEH) into a windows-1252 letter, and 81 (PEH), which is none there, into a control one."""
    mixed = "".join("\x81" if byte == 0x81 else bytes([byte]).decode("cp1252") for byte in "پک".encode("cp1256"))
    card = card_of(TEXT.encode("cp1256").decode("latin-1").replace("#", mixed + "#", 1).encode())
    assert card.first_name.reveal() == "فاطمةپک"


def test_a_card_that_ends_after_the_place_of_birth_says_that_the_number_is_missing() -> None:
    """The sample of zxing issue 1716 ends there."""
    card = card_of("#".join(TEXT.split("#")[:5]).encode("cp1256"))
    assert card.problems == (Problem.NUMBER_MISSING,)
    assert not card.can_identify


@pytest.mark.parametrize("number", ["0401234567", "040123456789", "0401234567X", "०४०१२३४५६७८"])
def test_a_number_that_is_not_eleven_digits_is_not_kept(number: str) -> None:
    card = card_of(TEXT.replace("04012345678", number).encode())
    assert card.problems == (Problem.NUMBER_MALFORMED,)
    assert not card.national_number


@pytest.mark.parametrize("birth", ["حمص", "حمص 31-2-1984", "حمص 5-3-84", "", "حمص 5-3-0000"])
def test_a_birth_that_is_not_understood_is_said_so_and_costs_nothing_else(birth: str) -> None:
    card = card_of(TEXT.replace("ريف دمشق 5-3-1984", birth).encode("cp1256"))
    assert card.problems == (Problem.BIRTH_NOT_UNDERSTOOD,)
    assert card.can_identify


def test_missing_names_are_named() -> None:
    card = card_of("##محمد#خديجة#حمص 5-3-1984#04012345678".encode("cp1256"))
    assert card.problems == (Problem.FIRST_NAME_MISSING, Problem.FAMILY_NAME_MISSING)
    assert not card.can_identify


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"SY1:6BF#A#B#C#D",
        b"https://example.org/#a#b#c#d",
        b"a#b#c#d#e#f",
        b"####",
        "فاطمة#العلي#محمد#خديجة".encode("cp1256"),
        b"\xff" * 5000,
        b"]#" * 2049,
    ],
)
def test_what_is_no_identity_card_is_said_to_be_none(payload: bytes) -> None:
    assert isinstance(parse_identity_card(payload), NotIdentityCard)


def test_a_pdf417_of_such_content_survives_a_decoder() -> None:
    """An independent decoder's bytes, not its text: the code has no ECI, so its text is Latin-1."""
    payload = TEXT.encode("cp1256")
    barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.PDF417)
    image = zxingcpp.write_barcode_to_image(barcode, scale=3)
    (found,) = zxingcpp.read_barcodes(image)
    assert fields_of(card_of(found.bytes)) == EXPECTED


def test_nothing_personal_is_shown_by_repr_str_or_format() -> None:
    card = card_of(TEXT.encode("cp1256"))
    shown = f"{card!r} {card} {card.first_name} {card.first_name!r:>20} {card.national_number:>20}"
    assert "•••5678" in shown
    for secret in (*EXPECTED[:6], EXPECTED[6][:7], "1234567"):
        assert secret not in shown


def test_a_mask_shows_its_tail_only_of_something_longer() -> None:
    assert str(Masked("123456", 4)) == "•••3456"
    assert str(Masked("1234", 4)) == "•••"
    assert str(Masked("secret")) == "•••"
    assert str(Masked("")) == ""
    assert Masked("a") == Masked("a")
    assert Masked("a") != "a"
    with pytest.raises(TypeError):
        Masked("a").__reduce__()


@given(st.binary(max_size=600))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_card_or_none(payload: bytes) -> None:
    parse_identity_card(payload)
    parsed = parse_identity_card(TEXT.encode("cp1256")[: len(payload)] + payload)
    if isinstance(parsed, IdentityCard):
        assert not any("\n" in field or "\x1b" in field or len(field) > 90 for field in fields_of(parsed))


def test_every_truncation_is_a_card_or_none() -> None:
    payload = TEXT.encode("cp1256") + TAIL
    for end in range(len(payload)):
        card = parse_identity_card(payload[:end])
        assert isinstance(card, NotIdentityCard) or not card.national_number or fields_of(card)[6] == EXPECTED[6]
