"""Log and audit speak the technician's language: each event that a kiosk can write has its words in every catalogue."""

import re
from pathlib import Path

import pytest

from kiosk.language import Language
from kiosk.maintenance.evidence.logbook import event_words
from kiosk.prompts.ui import Text
from kiosk.settings.sections import LANGUAGES

ROOT = Path(__file__).parents[4]
WRITTEN = re.compile(
    r"""(?:_log\.(?:info|warning|error|critical|exception)|AuditBody|append_audit|\.record|_log_fault)\(\s*"([a-z]+(?:-[a-z]+)*)\""""
    r"""|_audit\([^"()]*"([a-z]+(?:-[a-z]+)+)"(?: if \w+ else "([a-z-]+)")?"""
    r"""|^(?:MACHINE_CHANGED|SALVAGED|REVOKED|COMMIT_CUT)\s*=\s*"([a-z-]+)\""""
    r"""|\.record\("([a-z-]+)" if .* else "([a-z-]+)"|"action": "([a-z-]+)\"""",
    re.MULTILINE,
)


def _written() -> set[str]:
    found = set()
    for package in (
        "kiosk",
        "offline_store",
        "common/machine",
        "common/city",
        "devices",
        "features",
    ):  # what a kiosk runs
        for path in (ROOT / package).rglob("*.py"):
            found |= {name for names in WRITTEN.findall(path.read_text("utf-8")) for name in names if name}
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_event_has_its_words(code: str) -> None:
    language, events = Language(code), _written()
    assert len(events) > 80
    assert {name for name in events if not language.has(f"maintenance.event.{name}")} == set()


def test_what_no_catalogue_knows_stands_as_it_is() -> None:
    assert event_words("ups-lost") == Text("maintenance.event.ups-lost")
    assert event_words("a text is too long for its box") == "a text is too long for its box"
