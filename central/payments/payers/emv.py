"""The text of an EMV code that a merchant presents (EMVCo QR Code Specification, Merchant-Presented Mode 1.1)."""

import binascii
from typing import Final

_MOST: Final = 99
_DYNAMIC: Final = "12"  # made for one payment, 4.7 of the specification
_CRC_HEAD: Final = "6304"


def crc(data: bytes) -> int:
    """Return CRC-16/CCITT-FALSE, as ISO/IEC 13239 has it and 4.7.3 of the specification asks for."""
    return binascii.crc_hqx(data, 0xFFFF)


def field(tag: str, value: str) -> str:
    """Return one field: tag, length in two digits, value. Raises ValueError where it is empty or too long."""
    if not 0 < len(value) <= _MOST:
        raise ValueError(f"field {tag} has {len(value)} signs, from 1 to {_MOST} are right")
    return f"{tag}{len(value):02}{value}"


def compose(
    *, scheme: tuple[str, str], category: str, currency: str, amount: str, merchant: tuple[str, str, str], bill_no: str
) -> str:
    """Return the code's text.

    Args:
        scheme: the scheme's globally unique identifier and the merchant's account there, field 26.
        category: ISO 18245, four digits.
        currency: ISO 4217, three digits.
        amount: whole units, a point before decimal places.
        merchant: country of two letters, name of at most 25 signs, city of at most 15.
        bill_no: our number, which the payer's books repeat.
    """
    country, name, city = merchant
    text = "".join((
        field("00", "01"),
        field("01", _DYNAMIC),
        field("26", field("00", scheme[0]) + field("01", scheme[1])),
        field("52", category),
        field("53", currency),
        field("54", amount),
        field("58", country),
        field("59", name),
        field("60", city),
        field("62", field("01", bill_no) + field("05", bill_no)),
        _CRC_HEAD,
    ))  # fmt: skip
    return f"{text}{crc(text.encode()):04X}"
