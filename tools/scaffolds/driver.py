"""Make a device driver with its simulator and test: `python -m tools.scaffolds.driver KIND NAME`.

What is written reads a simple protocol and passes the tests at once; it is then changed, file by file, into what the
maker's manual says. A printer is a profile, and no code.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from tools.scaffolds.tree import ROOT, CannotScaffold, run, tidy

TEMPLATES: Final = Path(__file__).with_name("templates")
NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME: Final = 30
REGISTRY, CONFIG = ROOT / "devices" / "registry.py", ROOT / "kiosk" / "settings" / "sections.py"
VALUES = ROOT / "common" / "protocol" / "setting_values.py"  # central judges a printer's profile by it too


@dataclass(frozen=True, slots=True)
class Kind:
    """Where drivers of a kind live, and the tables that list them; a printer has a folder of profiles only."""

    folder: str
    table: str = ""


KINDS: Final = {
    "card_reader": Kind("card_reader", "CARD_READERS"),
    "scanner": Kind("code_scanner", "SCANNERS"),
    "printer": Kind("receipt_printer"),
}


def make(arguments: list[str]) -> str:
    """Write the driver and enter it into the tables; say what is new. Raises CannotScaffold."""
    kind, name = [*arguments, "", ""][:2]
    if len(arguments) != 2 or kind not in KINDS or len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise CannotScaffold(
            "say which: make driver NAME=acr122 KIND=card_reader; KIND is one of "
            f"{', '.join(KINDS)}, NAME small letters, digits and single hyphens, at most {LONGEST_NAME}",
            is_usage=True,
        )
    module = name.replace("-", "_")
    words = {"name": name, "module": module, "Name": "".join(word.capitalize() for word in name.split("-"))}
    files = dict(_files(kind, KINDS[kind], name, module))
    if taken := [file for file in files if file.exists()]:
        raise CannotScaffold(f"{taken[0].relative_to(ROOT)} is there already: choose another name, or change that")
    if kind != "printer" and f'"{name}"' in REGISTRY.read_text(encoding="utf-8"):
        raise CannotScaffold(f"{name} is in the registry already: choose another name")
    for file, template in files.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(Template(template.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
    changed = [VALUES] if kind == "printer" else _enter(kind, KINDS[kind], words)
    _enter_known(kind, name)
    tidy(*changed, *(file for file in files if file.suffix == ".py"))
    listed = ", ".join(str(file.relative_to(ROOT)) for file in [*files, *changed])
    return f"{name} is written and registered: {listed}; `make quick` runs its test; change it to what its manual says"


def _files(kind: str, of: Kind, name: str, module: str) -> Iterator[tuple[Path, Path]]:
    tests, templates = ROOT / "tests" / "devices" / of.folder, TEMPLATES / kind
    if kind == "printer":
        yield ROOT / "devices" / of.folder / "profiles" / f"{name}.toml", templates / "profile.toml.txt"
    else:
        for part in ("__init__", "frames", "driver", "simulator"):
            yield ROOT / "devices" / of.folder / module / f"{part}.py", templates / f"{part}.py.txt"
    yield tests / f"test_{module}.py", templates / "test.py.txt"


def _enter(kind: str, of: Kind, words: dict[str, str]) -> list[Path]:
    """Enter the driver into the registry and its bench into the contract's tests; return what was changed."""
    name, module = words["name"], words["module"]
    package = f"devices.{of.folder}.{module}"
    contract = ROOT / "tests" / "devices" / of.folder / f"test_{of.folder}_contract.py"
    text = REGISTRY.read_text(encoding="utf-8")
    text = _into(text, _table(text, of.table), f'"{name}": open_{module}')
    REGISTRY.write_text(_imported(text, f"from {package}.driver import open_{module}"), encoding="utf-8")
    text = contract.read_text(encoding="utf-8")
    text = _into(text, _table(text, "BENCHES"), f'"{name}": {module}')
    bench = Template((TEMPLATES / kind / "bench.txt").read_text(encoding="utf-8")).substitute(words)
    text = text.replace("BENCHES = {", f"{bench}BENCHES = {{", 1)
    text = _imported(text, f"from {package}.simulator import {words['Name']}Simulator")
    contract.write_text(text, encoding="utf-8")
    return [REGISTRY, contract, CONFIG]


def _enter_known(kind: str, name: str) -> None:
    """Have the settings know the name: a driver after the others, a printer's profile in its place in the alphabet."""
    place = VALUES if kind == "printer" else CONFIG
    text = place.read_text(encoding="utf-8")
    names = _table(text, "PRINTER_PROFILES") if kind == "printer" else _drivers_of(text, kind)
    assert isinstance(names, ast.Tuple)
    listed = [str(one) for one in ast.literal_eval(names)]
    listed = sorted([*listed, name]) if kind == "printer" else [*listed, name]
    written = "(" + ", ".join(f'"{one}"' for one in listed) + ")"
    start, end = _span(text, names)
    place.write_text(text[:start] + written + text[end:], encoding="utf-8")


def _drivers_of(text: str, kind: str) -> ast.expr:
    known = _table(text, "KNOWN")
    assert isinstance(known, ast.Dict)
    of_kind = known.values[[ast.literal_eval(key) for key in known.keys if key].index(kind)]
    assert isinstance(of_kind, ast.Tuple)
    return of_kind.elts[0]


def _table(text: str, name: str) -> ast.expr:
    """Find what a name of a module is set to. Raises CannotScaffold."""
    for statement in ast.parse(text).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        value = getattr(statement, "value", None)
        if isinstance(value, ast.expr) and any(isinstance(one, ast.Name) and one.id == name for one in targets):
            return value
    raise CannotScaffold(f"there is no table {name} any more: the scaffold has to be changed with it")


def _span(text: str, node: ast.expr) -> tuple[int, int]:
    """Return where a node begins and ends, in characters."""
    lines = text.splitlines(keepends=True)

    def place(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())

    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)


def _into(text: str, table: ast.expr, entry: str) -> str:
    """Put an entry at the end of a dictionary."""
    before = text[: _span(text, table)[1] - 1].rstrip().removesuffix(",")
    return f"{before}, {entry}}}{text[_span(text, table)[1] :]}"


def _imported(text: str, line: str) -> str:
    """Put an import before the first of the same package; `tidy` gives it its place."""
    return re.sub(r"^from devices\.", f"{line}\nfrom devices.", text, count=1, flags=re.MULTILINE)


if __name__ == "__main__":
    run(make)
