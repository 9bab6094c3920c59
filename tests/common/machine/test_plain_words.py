import re
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta, Struct

from common.machine.plain_words import PATTERNS, in_words
from common.protocol.field import AppKid, OrderId

ROOT = Path(__file__).parents[3]


class Entry(Struct, forbid_unknown_fields=True):
    kid: AppKid = "0000"
    order: OrderId = "0" * 32
    words: Annotated[list[Annotated[str, Meta(min_length=2, max_length=3)]], Meta(max_length=1)] = []
    share: Annotated[float, Meta(le=2)] = 1.0
    names: dict[Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")], str] = {}
    state: Literal["ready", "done"] = "ready"
    inner: "list[Entry]" = []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"kid": "xyz"}, "kid: expected 4 hex digits in small letters, such as 00ff"),
        ({"inner": [{"order": "x"}]}, "inner[0].order: expected 32 hex digits in small letters"),
        ({"words": ["a"]}, "words[0]: expected at least 2 characters"),
        ({"words": ["abcd"]}, "words[0]: expected at most 3 characters"),
        ({"words": ["ab", "ab"]}, "words: expected at most 1 of them"),
        ({"words": "ab"}, "words: expected a list, found a text"),
        ({"share": 3}, "share: expected a number, at most 2.0"),
        ({"kid": 1}, "kid: expected a text, found a whole number"),
        ({"names": {"arab": "x"}}, "names: a name in it: expected a language in two small letters, such as ar"),
        ({"state": "lost"}, "state: found 'lost', which is none of the words that may stand here"),
        ({"stat": "lost"}, "there is no field stat"),
        ([], "expected an object, found a list"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_in_words(content: Any, words: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.convert(content, Entry)
    assert in_words(raised.value) == words


def test_every_pattern_of_what_is_written_by_hand_has_words() -> None:
    files = [*(ROOT / "common/protocol").glob("*.py"), *(ROOT / "central/publishing").glob("*.py")]
    files.remove(ROOT / "common/protocol/diagnosis.py")  # a log is written by no hand
    patterns = {found for path in files for found in re.findall(r'pattern=r"(.*?)"[,)]', path.read_text())}
    assert len(patterns) > 15
    assert patterns - set(PATTERNS) == set()
