"""What one check of a doctor found: the same words at kiosk, hub and central, for one reader of all three."""

import enum
from dataclasses import dataclass


class Verdict(enum.StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"  #: serves, but somebody should see to it
    PROBLEM = "problem"  #: doesn't serve, or something is at risk
    SKIPPED = "skipped"  #: can't be told here, and why


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, what was found, and what to do about it (empty where nothing)."""

    check: str
    verdict: Verdict
    found: str
    todo: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether it must not serve so."""
        return self.verdict is Verdict.PROBLEM

    @property
    def line(self) -> str:
        """The line that the command prints."""
        advice = f" -> {self.todo}" if self.todo else ""
        return f"{self.verdict.upper():8} {self.check}: {self.found}{advice}"

    def as_dict(self) -> dict[str, str]:
        """The same as plain values, for JSON."""
        return {"check": self.check, "verdict": self.verdict.value, "found": self.found, "todo": self.todo}


def ok(check: str, found: str) -> Finding:
    """All is well."""
    return Finding(check, Verdict.OK, found)


def warning(check: str, found: str, todo: str) -> Finding:
    """Somebody should see to it."""
    return Finding(check, Verdict.WARNING, found, todo)


def problem(check: str, found: str, todo: str) -> Finding:
    """It doesn't serve so."""
    return Finding(check, Verdict.PROBLEM, found, todo)


def skipped(check: str, why: str) -> Finding:
    """It can't be told here."""
    return Finding(check, Verdict.SKIPPED, why)
