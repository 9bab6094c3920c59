"""Every act that is written down has words in both languages, and so has every detail of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.insight.public.texts import LANGUAGES, Language, texts
from central.offices.drawing import FOLDER

CENTRAL = Path("central")
NOTES = {"note": 2, "run_act": 1}  # the place of the act among the arguments
OF_MANY = {"-appointed": ("technician", "clerk"), "-withdrawn": ("technician", "clerk")}


def calls() -> Iterator[ast.Call]:
    for path in CENTRAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and len(node.args) > 2:
                name = ast.unparse(node.func)
                if name in ("operations.note", "run_act"):
                    yield node


def acts() -> set[str]:
    found = set()
    for call in calls():
        act = call.args[NOTES[ast.unparse(call.func).rpartition(".")[2]]]
        for one in ast.walk(act):
            if isinstance(one, ast.JoinedStr):
                end = str(ast.literal_eval(one.values[-1]))
                found |= {f"{kind}{end}" for kind in OF_MANY[end]}
            elif isinstance(one, ast.Constant) and str(one.value)[:1] != "-":
                found.add(str(one.value))
    return found


def details() -> set[str]:
    found = set()
    for path in CENTRAL.rglob("*.py"):
        tree = ast.parse(path.read_text())
        named = {
            ast.unparse(one.targets[0]): one.value
            for one in ast.walk(tree)
            if isinstance(one, ast.Assign) and isinstance(one.value, ast.Dict)
        }
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
            if ast.unparse(call.func) in ("operations.note", "run_act"):
                for argument in call.args:
                    told = named.get(ast.unparse(argument), argument)
                    if isinstance(told, ast.Dict):
                        found |= {str(key.value) for key in told.keys if isinstance(key, ast.Constant)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_and_detail_has_its_words(language: Language) -> None:
    known = texts(language, FOLDER)
    assert len(acts()) > 25
    assert len(details()) > 15
    assert not {act for act in acts() if f"act.{act}" not in known}
    assert not {detail for detail in details() if f"detail.{detail}" not in known}


def test_a_device_s_state_is_said_of_a_printer_and_of_a_scanner_alike() -> None:
    """The one is feminine, the other masculine: «الماسح: تعمل» is wrong, so no word of a state has a gender."""
    said = {name: str(text) for name, text in texts("ar", FOLDER).items() if name.startswith("state.")}
    assert len(said) == 10
    verbs = [text for text in said.values() if text.startswith(("ت", "ي"))]
    adjectives = [text for text in said.values() if text.startswith("غير ") or (text.endswith("ة") and " " not in text)]
    assert (verbs, adjectives) == ([], [])
