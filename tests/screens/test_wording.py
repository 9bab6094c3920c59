"""A8: whatever people read comes from the catalogues; no words stand in the code that draws or decides."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path for folder in ("kiosk/flows", "kiosk/maintenance", "screens") for path in (ROOT / folder).rglob("*.py")
)
WORDS_AT = {"Face": 0, "Action": 1, "Article": 1, "Entry": 0, "label": 2}
"""Which argument of which call is read by people."""


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def _constant(call: ast.Call, place: int) -> str:
    found = call.args[place] if len(call.args) > place else None
    return found.value if isinstance(found, ast.Constant) and isinstance(found.value, str) else ""


def _docstrings(tree: ast.AST) -> set[int]:
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _catalogue(language: str) -> set[str]:
    with (ROOT / "kiosk" / "locale" / f"{language}.po").open("rb") as file:
        messages = {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)}
    return messages - {""}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_words_stand_in_the_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = [
        (call.lineno, words)
        for name, call in _calls(tree)
        if name in WORDS_AT and re.search(r"[^\W\d_]{2}", words := _constant(call, WORDS_AT[name]))
    ]
    assert not said
    outside = _docstrings(tree)
    arabic = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in outside
        # two letters that the self-test of shaping measures are no words
        and re.search("[\u0621-\u064a]{2}", node.value) and node.value not in {"لا", "ببب"}
    ]  # fmt: skip
    assert not arabic


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_text_that_the_code_asks_for_is_in_the_catalogue(language: str) -> None:
    known, asked = _catalogue(language), set[str]()
    for path in FILES:
        for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            if name in {"say", "Text"} and "." in _constant(call, 0):
                asked.add(_constant(call, 0))
    assert len(asked) > 50
    assert not asked - known
