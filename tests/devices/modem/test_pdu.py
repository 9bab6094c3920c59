"""Units against published ones and the tables of 3GPP TS 23.040 and 23.038."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.modem.alphabet import digits_of, swapped, text_of
from devices.modem.messages import Fate, Received, Report
from devices.modem.pdu import parse, submit

# A published example of the GSM alphabet; the same head with a text in UCS-2 by the standard's table.
DELIVER = "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37"
UCS2 = "07917283010010F5040C91699344214365000899309251619580" + "04" + "06430634"


def test_a_message_of_the_gsm_alphabet_is_read() -> None:
    said = parse(DELIVER)
    assert isinstance(said, Received)
    assert (said.number, said.text) == ("27838890001", "hellohello")


def test_a_message_in_ucs2_is_read() -> None:
    said = parse(UCS2)
    assert isinstance(said, Received)
    assert (said.number, said.text) == ("+963944123456", "كش")


@pytest.mark.parametrize(
    ("status", "fate"), [(0x00, Fate.DELIVERED), (0x1F, Fate.DELIVERED), (0x46, Fate.FAILED), (0x65, Fate.FAILED)]
)
def test_a_report_names_its_message_and_its_fate(status: int, fate: Fate) -> None:
    unit = "000626" + "0C91" + swapped("963944123456").hex() + "62118211300021" * 2 + f"{status:02X}"
    assert parse(unit) == Report(0x26, "+963944123456", fate)


@pytest.mark.parametrize("status", ["20", "30", "3F"])
def test_a_network_that_still_tries_has_said_nothing_final(status: str) -> None:
    assert parse("000626" + "0C91" + swapped("963944123456").hex() + "62118211300021" * 2 + status) is None


def test_a_message_is_written_as_the_standard_lays_it_out() -> None:
    unit, length = submit("+963944123456", "مرحبا", 3600)
    assert unit == "00" + "3100" + "0C91" + "699344214365" + "0008" + "0B" + "0A" + "06450631062D06280627"
    assert length == len(unit) // 2 - 1
    assert submit("1234", "a", 60)[0].startswith("003100" + "0481" + "2143")


@pytest.mark.parametrize(
    ("life_s", "octet"),
    [(0, 0), (300, 0), (599, 0), (600, 1), (12 * 3600, 143), (12.5 * 3600, 144), (13 * 3600, 145),
     (24 * 3600, 167), (47 * 3600, 167), (2 * 86400, 168), (7 * 86400, 173), (30 * 86400, 196), (5 * 604800, 197),
     (1e12, 255)],
)  # fmt: skip
def test_the_network_keeps_a_message_no_longer_than_its_life(life_s: float, octet: int) -> None:
    assert submit("1234", "", life_s)[0][-4:] == f"{octet:02X}00"


@pytest.mark.parametrize("number", ["", "12", "+1234567890123456", "12a4", "+963 944", "*100#", "٠٩٤٤", "1234\n"])
def test_no_number_is_named(number: str) -> None:
    with pytest.raises(ValueError, match="telephone number"):
        submit(number, "x", 60)


def test_a_text_is_counted_in_units_of_utf16() -> None:
    submit("1234", "ا" * 70, 60)
    with pytest.raises(ValueError, match="this text has 72"):
        submit("1234", "😀" * 36, 60)


def test_an_alphanumeric_sender_and_a_header_before_the_text() -> None:
    syriatel = "0ED0" + "D3BC3C1DA697D9"
    said = parse("0004" + syriatel + "0000" + "62118211300021" + "02" + "E834")
    assert said == Received("Syriatel", "hi")
    joined = parse("0044" + "0491" + "2143" + "0008" + "62118211300021" + "08" + "050003CC0201" + "0634")
    assert isinstance(joined, Received)
    assert joined.text == "ش"


def test_the_extended_letters_and_data_that_is_no_text() -> None:
    packed = int.from_bytes(bytes([0x1B]), "little") | 0x65 << 7 | 0x35 << 14
    assert text_of(packed.to_bytes(3, "little"), 3, 0x00) == "€5"
    assert text_of(b"\x01\x02", 2, 0x04) == ""
    assert text_of(b"\x01\x02", 2, 0xF5) == ""
    assert text_of("47".encode("utf-16-be"), 4, 0xE0) == "47"


def test_every_end_of_a_unit_is_refused_or_read() -> None:
    for unit in (DELIVER, UCS2):
        for end in range(0, len(unit), 2):
            try:
                parse(unit[:end])
            except ValueError:
                continue
    for broken in ("", "0", "zz", "00", "0006", "00040C91"):
        with pytest.raises(ValueError, match=r"cut off|non-hexadecimal|too long"):
            parse(broken)


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    try:
        said = parse(octets.hex())
    except ValueError:
        return
    assert said is None or len(said.number) <= 40


@given(st.text("0123456789", min_size=1, max_size=15))
def test_digits_come_back(digits: str) -> None:
    assert digits_of(swapped(digits), len(digits)) == digits


def test_behind_an_odd_header_no_letter_is_lost() -> None:
    assert text_of(b"\x06\x08\x04\x00\x01\x02\x01" + "كش".encode("utf-16-be"), 11, 0x08, 7) == "كش"
