"""CBOR (RFC 8949) from strangers, bounded before it is decoded.

An order code is what anybody can print. This module walks the bytes once, without building anything, and refuses what
could be read in two ways or cost more than it is long: indefinite lengths, tags, repeated map keys, nesting, trailing
bytes. What passes goes to cbor2. It knows nothing of orders or signatures.
"""

import cbor2

MAX_DEPTH = 3  # claims -> paid map -> its values; nothing in the format nests deeper
MAX_ENTRIES = 32  # entries of one map or array

# Major types, RFC 8949 section 3.1.
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_ARGUMENT_BYTES = {24: 1, 25: 2, 26: 4, 27: 8}
_PLAIN_SIMPLE = {20, 21, 22}  # false, true, null
_FLOATS = {25, 26, 27}


class StrictCborError(ValueError):
    """The bytes are not one bounded, unambiguous CBOR item. The text names the rule, never the content."""


def loads_strict(data: bytes) -> object:
    """Decode exactly one item of plain types (int, float, bool, None, bytes, str, list, dict).

    Raises:
        StrictCborError: more or less than one item, or one that breaks a rule of this module.
    """
    end = _skip(data, 0, MAX_DEPTH)
    if end != len(data):
        raise StrictCborError("bytes follow the item")
    try:
        return cbor2.loads(data)
    except (cbor2.CBORDecodeError, UnicodeDecodeError) as error:
        raise StrictCborError("not decodable") from error


def untag(data: bytes, tag: int) -> bytes:
    """Return what follows the one-byte head of tag (0-23); a missing, other or longer-than-needed head is refused.

    Raises:
        StrictCborError: the first byte is not this tag.
    """
    if not data or data[0] != _TAG << 5 | tag:
        raise StrictCborError(f"not tagged {tag}")
    return data[1:]


def _head(data: bytes, at: int) -> tuple[int, int, int, int]:
    """Return (major type, additional information, argument, offset after the head) of the item at an offset."""
    if at >= len(data):
        raise StrictCborError("ends early")
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    if info < 24:
        return major, info, info, at
    width = _ARGUMENT_BYTES.get(info)
    if width is None:
        raise StrictCborError("indefinite or reserved length")
    if at + width > len(data):
        raise StrictCborError("ends early")
    return major, info, int.from_bytes(data[at : at + width]), at + width


def _skip(data: bytes, at: int, depth: int) -> int:
    """Return the offset after the item at an offset; depth is how many levels may still be opened."""
    major, info, argument, at = _head(data, at)
    if major in (_UNSIGNED, _NEGATIVE):
        return at
    if major in (_BYTES, _TEXT):
        if argument > len(data) - at:
            raise StrictCborError("ends early")
        return at + argument
    if major == _TAG:
        raise StrictCborError("a tag where none belongs")
    if major == _SIMPLE:
        if info in _FLOATS or info in _PLAIN_SIMPLE:
            return at
        raise StrictCborError("a simple value that means nothing here")
    if depth == 0:
        raise StrictCborError("nested too deep")
    if argument > MAX_ENTRIES:
        raise StrictCborError("too many entries")
    return _skip_map(data, at, argument, depth - 1) if major == _MAP else _skip_array(data, at, argument, depth - 1)


def _skip_array(data: bytes, at: int, entries: int, depth: int) -> int:
    for _ in range(entries):
        at = _skip(data, at, depth)
    return at


def _skip_map(data: bytes, at: int, entries: int, depth: int) -> int:
    seen = set[tuple[int, int | bytes]]()
    for _ in range(entries):
        major, _info, argument, after_head = _head(data, at)
        if major not in (_UNSIGNED, _NEGATIVE, _TEXT):
            raise StrictCborError("a map key that is neither number nor text")
        after_key = _skip(data, at, depth)
        # By value, not by bytes: 01 and 18 01 are the same key, and readers differ in which of two they keep.
        key: tuple[int, int | bytes] = (major, data[after_head:after_key] if major == _TEXT else argument)
        if key in seen:
            raise StrictCborError("a map key twice")
        seen.add(key)
        at = _skip(data, after_key, depth)
    return at
