"""What a guide quotes is what the machine shows: every «…» in deploy is a text of a catalogue, or a heading."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
GUIDES = sorted(path for kind in ("*.ar.md", "*.html") for path in DEPLOY.glob(kind))
QUOTED = re.compile("«([^»]+)»")
_INVISIBLE = re.compile("[\u200e\u200f\u2066-\u2069]")
_PLACE = re.compile(r"\{[^}]*\}")


def _bare(text: str) -> str:
    """Without what a quotation leaves out: marks of direction, line ends, the sign at the end."""
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text)).strip(" .…:؟?")


@cache
def _shown() -> re.Pattern[str]:
    """All that a machine or a page can say, with anything where a value stands; a text of values alone says nothing."""
    catalogues = [path for path in ROOT.glob("*/**/locale/ar.po") if ".venv" not in path.parts]
    texts = set[str]()
    for path in catalogues:
        with path.open("rb") as file:
            for message in read_po(file):
                texts |= {message.string} if isinstance(message.string, str) else set(message.string or ())
    said = [_PLACE.split(_bare(text)) for text in texts if re.search(r"\w", _PLACE.sub("", text))]
    assert len(said) > 1000
    return re.compile("|".join(".+?".join(re.escape(part) for part in parts) for parts in said))


@cache
def _headings() -> frozenset[str]:
    return frozenset(
        line.lstrip("# ")
        for path in DEPLOY.glob("*.md")
        for line in path.read_text("utf-8").splitlines()
        if line[:1] == "#"
    )


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_quotation_is_a_text_of_a_catalogue(guide: Path) -> None:
    quoted = [_bare(one) for one in QUOTED.findall(re.sub("<[^>]+>", "", guide.read_text("utf-8")))]
    unknown = [one for one in quoted if not _shown().fullmatch(one) and one not in _headings()]
    assert not unknown, unknown


def test_the_guides_quote_enough_to_be_held_by_it() -> None:
    assert sum(len(QUOTED.findall(guide.read_text("utf-8"))) for guide in GUIDES) > 60
