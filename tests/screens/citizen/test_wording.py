"""A8: whatever people read comes from the catalogues; no words stand in the code that draws or decides."""

import ast
import re
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from kiosk.language import Language
from kiosk.settings.sections import LANGUAGES

ROOT = Path(__file__).parents[3]
FILES = sorted(
    path for folder in ("kiosk/flows", "kiosk/maintenance", "screens") for path in (ROOT / folder).rglob("*.py")
)
WORDS_AT = {"Face": 0, "Action": 1, "Article": 1, "Entry": 0, "label": 2, "Line": 0, "Panel": 1, "Button": 1}
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_the_code_asks_for_is_in_the_catalogue(language: str) -> None:
    known, asked = _catalogue(language), set[str]()
    for path in FILES:
        for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            if name in {"say", "Text"} and "." in _constant(call, 0):
                asked.add(_constant(call, 0))
    assert len(asked) > 50
    assert not asked - known


def _messages(language: str) -> dict[str, list[str]]:
    with (ROOT / "kiosk" / "locale" / f"{language}.po").open("rb") as file:
        found = [message for message in read_po(file) if message.id]
    forms = {}
    for message in found:
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms[key] = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return forms


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _named_in_code() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return every constant of the code, and a pattern of every text that it puts together from pieces."""
    constants, patterns = set[str](), set[str]()
    folders = ("kiosk", "screens", "devices", "offline_store", "common", "deploy")
    script = (ROOT / "deploy" / "draw-out-of-order").read_text(encoding="utf-8")  # a program within a shell script
    constants.update(re.findall(r"[\"']([a-z_.]+)[\"']", script))
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                pieces = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else "(.+)" for v in node.values]
                if "".join(pieces).replace("(.+)", "").strip("\\."):
                    patterns.add("".join(pieces))
    return constants, [re.compile(pattern) for pattern in patterns]


def test_no_text_of_the_catalogues_is_unused() -> None:
    constants, patterns = _named_in_code()

    def is_named(key: str, depth: int = 0) -> bool:
        """Return whether the code names this key, or puts it together from pieces that it names."""
        if key in constants:
            return True
        matches = (found for pattern in patterns if depth < 3 and (found := pattern.fullmatch(key)))
        return any(all(is_named(piece, depth + 1) for piece in found.groups()) for found in matches)

    assert not is_named("outcome.nonsense")
    assert not is_named("maintenance.nonsense.words")
    assert not [key for key in sorted(_catalogue("en")) if not is_named(key)]


def test_a_form_for_many_says_every_value_and_both_languages_count_as_unicode_does() -> None:
    """Only a form for none, one or two may say its number in words; the forms are those of CLDR's plural rules."""
    for language, many in (("ar", (3, 4, 5)), ("en", (1,))):
        for key, forms in _messages(language).items():
            every = set().union(*map(_placeholders, forms))
            for at in many if len(forms) > 1 else (0,):
                assert _placeholders(forms[at]) == every, (language, key, at)
    tags = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 4, "other": 5}
    with (ROOT / "kiosk" / "locale" / "ar.po").open("rb") as file:
        counted = read_po(file)
    assert counted.num_plurals == 6
    choose = c2py(counted.plural_expr)
    rule = Locale("ar").plural_form
    assert [n for n in range(1000) if choose(n) != tags[rule(n)]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_gives_every_text_the_values_that_it_names(language: str) -> None:
    messages, looked_at = _messages(language), 0
    for path in FILES:
        for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            key = _constant(call, 0)
            if name != "say" or key not in messages or any(keyword.arg is None for keyword in call.keywords):
                continue
            given, looked_at = {keyword.arg for keyword in call.keywords}, looked_at + 1
            needed = set().union(*map(_placeholders, messages[key])) - {"app"}  # which every text may say
            assert needed <= given, (path.name, key)
            assert given <= needed | {"n"}, (path.name, key)
    assert looked_at > 60


def test_a_call_for_staff_is_not_named_as_an_order_is() -> None:
    words = Language("ar")
    order, call = (
        words.text("outcome.accepted").split()[-1],
        ("help.calling", *(f"help_result.{became}" for became in ("asked", "seen", "unanswered", "not_sent"))),
    )
    assert order == "طلبك"
    assert not [one for one in call if order in words.text(one) or "الطلب" in words.text(one)]
