"""Templates of pages and papers: what is told is escaped, and a name that nobody gave is a fault, never a gap."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(file: Path) -> "Template":
    """Return a template, compiled once; it may include others of its folder."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # not at the start of commands that draw nothing

    loader = FileSystemLoader(file.parent)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template(file.name)
