"""Texts and numbers as a SIM writes them: the GSM alphabet (3GPP TS 23.038, 6.2.1), UCS-2, swapped digits."""

from typing import Final

_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = dict(zip(b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65", "\f^{}\\[~]|€", strict=True))
_ESCAPE: Final = 0x1B
_GSM, _EIGHT_BIT, _UCS2 = range(3)


def gsm_text(data: bytes, count: int, skip: int = 0) -> str:
    """Unpack `count` septets, leaving out the first `skip`; what the alphabet does not have becomes U+FFFD."""
    bits = int.from_bytes(data, "little")
    septets = [bits >> 7 * place & 0x7F for place in range(skip, min(count, len(data) * 8 // 7))]
    text, at = [], 0
    while at < len(septets):
        if septets[at] == _ESCAPE:
            text.append(_EXTENDED.get(septets[at + 1], "\N{REPLACEMENT CHARACTER}") if at + 1 < len(septets) else "")
            at += 2
        else:
            text.append(_BASIC[septets[at]])
            at += 1
    return "".join(text)


def text_of(data: bytes, length: int, coding: int, header: int = 0) -> str:
    """Return the text of user data of `length` (septets or octets) by its data coding scheme (TS 23.038, 4).

    `header` octets stand before it. Eight-bit data is no text: it gives an empty one.
    """
    match _alphabet(coding):
        case 0:
            return gsm_text(data, length, -(-header * 8 // 7))
        case 2:
            return data[header : header + (length - header) // 2 * 2].decode("utf-16-be", "replace")
        case _:
            return ""


def _alphabet(coding: int) -> int:
    group = coding >> 4
    if group == 0b1111:
        return _EIGHT_BIT if coding & 0x04 else _GSM
    if group == 0b1110:
        return _UCS2
    return (_GSM, _EIGHT_BIT, _UCS2, _GSM)[coding >> 2 & 3] if group < 0b1000 else _GSM


def swapped(digits: str) -> bytes:
    """Return decimal digits as semi-octets, low one first, filled with F (TS 23.040, 9.1.2.3)."""
    even = digits + "F" * (len(digits) % 2)
    return bytes.fromhex("".join(even[at + 1] + even[at] for at in range(0, len(even), 2)))


def digits_of(data: bytes, count: int) -> str:
    """Return `count` semi-octets as digits, `*`, `#` and letters as TS 23.040 has them."""
    return "".join("0123456789*#abc\x00"[nibble] for octet in data for nibble in (octet & 15, octet >> 4))[:count]
