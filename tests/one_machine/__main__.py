"""A process of these tests: `python -m tests.one_machine END FOLDER [MEND]`.

END is a module of this folder that has something odd said to a central or a hub. With a mend of `undone.py` taken out
only those parts are said that are to find it.
"""

import importlib
import sys
from pathlib import Path

from tests.one_machine.undone import UNDONE


def main(end: str, folder: str, *mends: str) -> None:
    """Take a mend out before the product is imported, since types are read once; then be that end."""
    parts: tuple[str, ...] = ()
    for mend in mends:
        undo, parts = UNDONE[mend]
        undo()
    module = importlib.import_module(f"tests.one_machine.{end}")
    module.main(Path(folder), parts or module.PARTS)


if __name__ == "__main__":
    main(*sys.argv[1:])
