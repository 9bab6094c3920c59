"""What one check of central's doctor found; the same words as a kiosk's and a hub's, for one reader of all three."""

from typing import Literal

from msgspec import Struct

Verdict = Literal["ok", "warning", "problem", "skipped"]


class Finding(Struct, frozen=True):
    """One line: what was looked at, what was found, and what to do about it (empty where nothing).

    `verdict`: ok; warning, it serves but somebody should see to it; problem, it doesn't serve or something is at risk;
    skipped, it can't be told here.
    """

    check: str
    verdict: Verdict
    found: str
    todo: str = ""

    @property
    def line(self) -> str:
        """The line that the command prints."""
        advice = f" -> {self.todo}" if self.todo else ""
        return f"{self.verdict.upper():8} {self.check}: {self.found}{advice}"
