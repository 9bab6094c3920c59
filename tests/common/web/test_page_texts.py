"""Languages of pages: one list, from which direction, button and what a draft lacks follow."""

from pathlib import Path

import pytest

from common.web import page_texts
from common.web.page_texts import chosen, direction, following, texts

HEAD = 'msgid ""\nmsgstr "Language: {}\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def test_what_is_asked_for_is_one_of_ours_or_the_first() -> None:
    assert [chosen(one) for one in ("en", "ar", "tr", "", None)] == ["en", "ar", "ar", "ar", "ar"]


def test_the_button_goes_round_and_lines_run_as_the_language_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [following("ar"), following("en")] == ["en", "ar"]
    monkeypatch.setattr(page_texts, "LANGUAGES", ("ar", "en", "tr"))
    assert [following("ar"), following("en"), following("tr")] == ["en", "tr", "ar"]  # type: ignore[arg-type]
    assert [direction("ar"), direction("tr")] == ["rtl", "ltr"]  # type: ignore[arg-type]


def test_what_a_draft_lacks_is_said_in_the_first_language(tmp_path: Path) -> None:
    (tmp_path / "ar.po").write_text(HEAD.format("ar") + 'msgid "a"\nmsgstr "أ"\n\nmsgid "b"\nmsgstr "ب"\n')
    (tmp_path / "tr.po").write_text(HEAD.format("tr") + 'msgid "a"\nmsgstr "A"\n')
    assert texts("tr", tmp_path) == {"a": "A", "b": "ب"}
