"""Every act that central writes down has a name on the page of acts, in both languages."""

import re
from pathlib import Path

import pytest

from central.insight.public.texts import LANGUAGES, Language, texts
from central.offices.drawing import FOLDER

CENTRAL = Path(__file__).parents[3] / "central"
_NOTED = re.compile(r'\bnote\(\s*\w+,\s*[\w.]+,\s*"([a-z-]+)"|run_act\(\s*(?:call\.config\(\)|config),\s*"([a-z-]+)"')


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_has_a_name(language: Language) -> None:
    sources = [path.read_text(encoding="utf-8") for path in CENTRAL.rglob("*.py")]
    acts = {one or other for source in sources for one, other in _NOTED.findall(source)}
    assert len(acts) > 30
    assert {act for act in acts if f"act.{act}" not in texts(language, FOLDER)} == set()
