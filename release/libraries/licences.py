"""`python -m release.libraries.licences`: writes docs/licences.md, the licence of each library that is installed."""

import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

from release.libraries.locked import LOCKS, locked
from release.source import ROOT

LIST: Final = ROOT / "docs/licences.md"
_HEAD: Final = """# Licences of what is installed

Each library of the lock files, as its own metadata names its licence; `make licences` writes this list, and a test
holds it to the lock files. The same stands, with versions, in the bill of materials beside each package (`*.cdx.json`).
The project's own is in [LICENSE](../LICENSE).

| library | licence | in |
|---|---|---|
"""
_CLASSIFIER: Final = re.compile(r"License :: (?:OSI Approved :: )?(.+)")


def licences() -> str:
    """Return the list. Raises PackageNotFoundError where a library of a lock is not installed here."""
    programs: dict[str, list[str]] = {}
    for program in LOCKS:
        for name in locked(program):
            programs.setdefault(name, []).append(program)
    rows = [f"| {name} | {licence_of(metadata(name))} | {', '.join(programs[name])} |" for name in sorted(programs)]
    return _HEAD + "\n".join(rows) + "\n"


def licence_of(told: PackageMetadata) -> str:
    """Return what a library says of its licence: its expression (PEP 639), else its classifiers, else its text."""
    if expression := told.get("License-Expression"):
        return str(expression)
    kinds = [match[1] for kind in told.get_all("Classifier") or [] if (match := _CLASSIFIER.match(kind))]
    if kinds:
        return ", ".join(kinds)
    line = str(told.get("License") or "").strip().split("\n")[0][:80]
    return line or "not said"


def main(target: Path = LIST) -> None:
    """Write the list."""
    target.write_text(licences(), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except PackageNotFoundError as error:
        raise SystemExit(f"{error.name} is not installed here: make set-up") from error
