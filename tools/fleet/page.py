"""The page of what an operator had to do, and of what was lost, as the run itself wrote it down."""

from collections import Counter
from pathlib import Path
from typing import Any

from offline_store.issuing.business_day import ZONE
from tools.fleet.centre import Lost
from tools.fleet.operator import Entry
from tools.fleet.plan import Event


def write_page(path: Path, book: list[Entry], lost: list[Lost], happened: list[Event], figures: dict[str, Any]) -> None:
    """Write the page as Markdown."""
    days = f"{len({entry.at.astimezone(ZONE).date() for entry in book})} days on which there was something"
    lines = [
        "# What an operator had to do",
        "",
        f"{len(book)} entries, {days}; {len(happened)} events befell the fleet.",
    ]
    lines += ["", "| | |", "|---|---|", *(f"| {name} | {_cell(figure)} |" for name, figure in figures.items())]
    lines += [
        "",
        "| when | where | what the page said | what was known | what was typed and done |",
        "|---|---|---|---|---|",
    ]
    for entry in book:
        did = "<br>".join(f"`{one}`" if one.startswith(("central ", "hub ", "kiosk")) else one for one in entry.did)
        at = f"{entry.at.astimezone(ZONE):%Y-%m-%d %H:%M}"
        lines.append("| " + " | ".join((at, _cell(entry.where), _cell(entry.said), _cell(entry.known), did)) + " |")
    lines += ["", "## What was lost", "", *_losses(lost)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _losses(lost: list[Lost]) -> list[str]:
    """List what was lost by machine, with each number that somebody holds."""
    by = Counter((one.machine, one.why) for one in lost)
    lines = ["| machine | why | items | numbers among them |", "|---|---|---|---|"]
    for (machine, why), count in by.items():
        numbers = [one.number for one in lost if (one.machine, one.why) == (machine, why) and one.number]
        lines.append(f"| {machine} | {why} | {count} | {', '.join(numbers)} |")
    return lines if lost else ["Nothing."]


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")
