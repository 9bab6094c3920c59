"""What happened in the demo, as one JSON object or as a few lines."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from demo.people.citizen import Seen
from demo.people.technician import Maintained

_SHOWN = 3  # texts of a screen in the few lines; --json has them all


@dataclass
class Summary:
    """What happened, and where papers and pictures are."""

    folder: Path
    fault: str | None = None
    numbers: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    technician: Maintained | None = None
    papers: list[Path] = field(default_factory=list)
    stopped_page: Path | None = None
    """Central's page of the centre while a service stood still."""
    written: str | None = None
    """What the owner of an order that became ready was written."""

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values, paths as text."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return plain

    @property
    def text(self) -> str:
        """Say it in a few lines."""
        lines = []
        if self.fault:
            lines = [f"Fault: {self.fault}; the citizen saw: {' > '.join(self.seen.screens) or 'the window'}"]
            lines += [f"  {name}: {' · '.join(texts[:_SHOWN])}" for name, texts in self.seen.texts.items()]
        lines += [
            f"Numbers given: {', '.join(self.numbers) or 'none'}",
            f"Orders: {', '.join(self.outcomes) or 'none'}",
            f"Called at the counter: {', '.join(self.called) or 'none'}",
            f"Applied at central: {len(self.applied)} of {len(self.tickets) + len(self.orders)}",
        ]
        pictures = list(self.seen.pictures)
        if self.technician is not None:
            lines += self.technician.lines
            pictures += self.technician.pictures
        if self.stopped_page is not None:
            lines.append(f"Stopped for a while, and seen outside: {self.stopped_page}")
        if self.seen.receipt is not None:
            lines.append(f"Paid by the telephone, and entered: {self.seen.receipt}")
        if self.written is not None:
            lines.append(f"Written to the owner of an order: {self.written}")
        lines += [f"Paper: {path}" for path in self.papers] + [f"Screen: {path}" for path in pictures]
        return "\n".join([*lines, f"All of it: {self.folder}"])
