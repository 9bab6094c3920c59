"""What is logged stands in docs/faults.md, and each row of the threat model names a test that is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = ("common", "kiosk", "devices", "offline_store", "hub", "central", "features")
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
LOGGERS = {"log", "_log"}


def logged_events() -> Iterator[tuple[str, str]]:
    """Every event that a program logs, with its place; the screens log sentences of Kivy's own logger."""
    for package in PROGRAMS:
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    if node.targets[0].id == "failure":  # a recurring task's, logged where it is run
                        yield from (
                            (event, f"{path.relative_to(ROOT)}:{node.lineno}") for event in constants(node.value)
                        )
                    continue
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                owner = node.func.value
                if node.func.attr in LEVELS and isinstance(owner, ast.Name) and owner.id in LOGGERS and node.args:
                    for event in constants(node.args[0]):
                        yield event, f"{path.relative_to(ROOT)}:{node.lineno}"


def constants(node: ast.expr) -> Iterator[str]:
    """The texts that an event may be: one, or either of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def test_every_event_that_is_logged_is_explained() -> None:
    explained = set(re.findall(r"`([a-z0-9-]+)`", (ROOT / "docs/faults.md").read_text(encoding="utf-8")))
    found = dict(logged_events())
    assert len(found) > 80
    assert {event: where for event, where in found.items() if event not in explained} == {}


def test_no_explained_event_has_gone() -> None:
    rows = (ROOT / "docs/faults.md").read_text(encoding="utf-8").partition("## Events in the log")[2]
    explained = {name for row in rows.splitlines() for name in re.findall(r"`([a-z0-9-]+)`", row.partition(" | ")[0])}
    sources = "\n".join(path.read_text("utf-8") for one in PROGRAMS for path in (ROOT / one).rglob("*.py"))
    assert {name for name in explained if f'"{name}"' not in sources} == set()


def test_each_row_of_the_threat_model_names_a_test_that_is_there() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs/threat-model.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| attack")
    ]
    assert len(rows) > 30
    for attack, _, tests in rows:
        named = re.findall(r"`(tests/[\w/.]+)`", tests)
        assert named or "doctor" in tests, attack
        for name in named:
            place, feature = ROOT / name, re.match(r"tests/(features/\w+)", name)
            is_taken_out = feature is not None and not (ROOT / feature[1]).is_dir()
            assert place.is_file() or list(place.rglob("test_*.py")) or is_taken_out, f"{attack}: {name}"
    assert len({row[0] for row in rows}) == len(rows), "an attack stands in one row"
