"""CBOR (RFC 8949) from strangers, bounded.

An order code is what anybody can print. What could be read in two ways or cost more than it is long is refused: by
cbor2's own limits indefinite lengths and repeated map keys, here tags, nesting, trailing bytes and all but plain types.
It knows nothing of orders or signatures.
"""

from io import BytesIO
from typing import Final

import cbor2

MAX_DEPTH: Final = 3  # claims -> paid map -> its values; nothing in the format nests deeper
MAX_ENTRIES: Final = 32  # entries of one map or array
_TAG: Final = 6 << 5  # major type 6, RFC 8949 section 3.1
_PLAIN: Final = (int, float, bool, type(None), bytes, str)


class StrictCborError(ValueError):
    """The bytes are not one bounded, unambiguous CBOR item. The text names the rule, never the content."""


class _NoTags(dict[int, cbor2.SemanticDecoderCallback]):
    """Refuses each tag: cbor2 makes dates, fractions, patterns and shared values of those it knows."""

    def __missing__(self, tag: int) -> cbor2.SemanticDecoderCallback:
        raise StrictCborError("a tag where none belongs")


_NO_TAGS: Final = _NoTags()


def loads_strict(data: bytes) -> object:
    """Decode exactly one item of plain types (int, float, bool, None, bytes, str, list, dict).

    Raises:
        StrictCborError: more or less than one item, or one that breaks a rule of this module.
    """
    source = BytesIO(data)
    reader = cbor2.CBORDecoder(source, semantic_decoders=_NO_TAGS, allow_indefinite=False, allow_duplicate_keys=False)
    try:
        item = reader.decode()
    except cbor2.CBORDecodeEOF as error:
        raise StrictCborError("ends early") from error
    except cbor2.CBORDecodeError as error:
        raise StrictCborError("not decodable, or beyond a limit") from error
    if source.read(1):
        raise StrictCborError("bytes follow the item")
    _check(item, MAX_DEPTH)
    return item


def untag(data: bytes, tag: int) -> bytes:
    """Return what follows the one-byte head of tag (0-23); a missing, other or longer-than-needed head is refused.

    Raises:
        StrictCborError: the first byte is not this tag.
    """
    if not data or data[0] != _TAG | tag:
        raise StrictCborError(f"not tagged {tag}")
    return data[1:]


def _check(item: object, depth: int) -> None:
    """Refuse what is not plain; depth is how many levels may still be opened."""
    if type(item) in _PLAIN:
        return
    if not isinstance(item, list | dict):
        raise StrictCborError("a simple value that means nothing here")
    if depth == 0:
        raise StrictCborError("nested too deep")
    if len(item) > MAX_ENTRIES:
        raise StrictCborError("too many entries")
    if isinstance(item, dict) and any(type(key) not in (int, str) for key in item):
        raise StrictCborError("a map key that is neither number nor text")
    for below in item.values() if isinstance(item, dict) else item:
        _check(below, depth - 1)
