"""Templates of pages and papers: what is told is escaped, and a name that nobody gave is a fault, never a gap."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jinja2 import Template

FIELDS: Final = Path(__file__).parent
"""The folder of `fields.html`, whose controls pages of hub and central have in common."""


@cache
def template(file: Path) -> "Template":
    """Return a template, compiled once; it may include others of its folder, and `fields.html`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # not at the start of commands that draw nothing

    loader = FileSystemLoader([file.parent, FIELDS])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template(file.name)
