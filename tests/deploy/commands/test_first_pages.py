"""The first day, and when something is wrong, of each role: a page each, the same in both languages, of real words."""

import re
from pathlib import Path
from typing import Final

import pytest
from typer.main import get_command

from central.commands.cli import app as central_app
from hub.commands.cli import cli as hub_app
from kiosk.commands.cli import cli as kiosk_app

DEPLOY: Final = Path(__file__).parents[3] / "deploy"
PAGES: Final = [f"{role}-{page}" for role in ("operator", "technician") for page in ("first-day", "wrong")]
ONE_PAGE: Final = 400  # words
DEBIANS: Final = {"apt", "install", "journalctl", "systemctl", "make", "sh"}
BOARDS: Final = {"board-trust", "board-update"}


def read(page: str, language: str) -> str:
    return (DEPLOY / f"{page}.{language}.md").read_text(encoding="utf-8")


def typed(text: str) -> list[str]:
    """Return what somebody types, in order: whole lines, and what stands within a sentence."""
    return [line or word for line, word in re.findall(r"(?m)^ {8}(\S.*)$|`([^`]+)`", text)]


@pytest.mark.parametrize("page", PAGES)
def test_it_is_one_page_and_says_the_same_in_both_languages(page: str) -> None:
    texts = {language: read(page, language) for language in ("ar", "en")}
    for language, text in texts.items():
        assert len(text.split()) <= ONE_PAGE, f"{language}: who adds here takes something out"
    assert typed(texts["ar"]) == typed(texts["en"])
    shapes = [re.findall(r"(?m)^(?:#+|\d\.|\|)", text) for text in texts.values()]
    assert shapes[0] == shapes[1], "as many headings, steps and rows"


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_each_link_leads_to_a_page_and_to_the_section_that_it_names(page: str, language: str) -> None:
    links = re.findall(r"\[([^\]]+)\]\(([\w./-]+)\)", read(page, language))
    assert links
    for name, target in links:
        text = (DEPLOY / target).read_text(encoding="utf-8")
        if name[0].isupper() or target.startswith("operation."):
            assert any(name in heading for heading in re.findall(r"(?m)^#+ (.*)$", text)) or name == target, name


@pytest.mark.parametrize("page", PAGES)
def test_what_is_typed_is_a_command_with_options_that_it_has(page: str) -> None:
    apps = {"central": get_command(central_app), "hub": get_command(hub_app), "kiosk": get_command(kiosk_app)}
    lines = [line for line in typed(read(page, "en")) if re.match(r"[a-z][a-z-]*(?: |$)", line)]
    assert len(lines) >= 8
    for line in lines:
        program, *words = line.split()
        if program not in apps:
            assert program in DEBIANS | BOARDS or (DEPLOY / program).is_file(), line
            continue
        found = apps[program]
        while words and words[0] in getattr(found, "commands", ()):
            found = found.commands[words.pop(0)]  # type: ignore[attr-defined]
        assert found is not apps[program], line
        known = {option for one in found.params for option in one.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_who_looks_things_up_is_sent_to_them_first() -> None:
    for language in ("ar", "en"):
        head = (DEPLOY / f"operation.{language}.md").read_text(encoding="utf-8").split("\n## ")[0]
        assert {f"operator-first-day.{language}.md", f"operator-wrong.{language}.md"} <= set(
            re.findall(r"\]\(([\w.-]+)\)", head)
        )
