"""Asks the program's user for what is done in the program's own folder."""

from pathlib import Path
from typing import Literal

from updater.errors import Refused
from updater.site import Site

_PROGRAM = Path(__file__).with_name("store_copy.py")
_PYTHON = "/usr/bin/python3.13"


def ask(site: Site, what: Literal["accepted", "save", "restore", "rehearse", "tidy"]) -> str:
    """Have one thing done with the store, and return what was said. Raises Refused: it could not be done."""
    done = site.run_as_user(_PYTHON, "-I", str(_PROGRAM), what, str(site.data))
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no reason was said"])[-1][:300]
        raise Refused(f"the store can't be looked at ({what}): {why}")
    return done.stdout.strip()
