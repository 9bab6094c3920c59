"""docs/protocol.md names each field that crosses a wire, and a feature's protocol.md those of its items.

A client can be written from these pages alone, and stays right.
"""

import re
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import fields

from common.protocol.envelope import BODIES, Batch, BatchAnswer, EnrolmentAnswer, EnrolmentRequest
from common.protocol.feed_message import FEED_BODIES
from common.protocol.feed_page import FeedPage
from common.protocol.inquiry import Inquiry, InquiryAnswer
from common.protocol.queue.call import QueuedTicket, TicketsAnswer, TicketsCall

ROOT = Path(__file__).parents[2]
PAGES = [one.read_text(encoding="utf-8") for one in (ROOT / "docs/protocol.md", *ROOT.glob("features/*/protocol.md"))]
SECTIONS: dict[str, dict[str, type[Struct]]] = {
    "Items": dict(BODIES),
    "Batch": {"request": Batch, "answer": BatchAnswer},
    "Inquiries": {"question": Inquiry, "answer": InquiryAnswer},
    "Enrolment": {"request": EnrolmentRequest, "answer": EnrolmentAnswer},
    "Feed": {"page": FeedPage} | {kind: body for kind, body in FEED_BODIES.items() if kind != "settings"},
    "Kiosk and hub": {"request": TicketsCall, "ticket": QueuedTicket, "answer": TicketsAnswer},
}


def said(section: str) -> dict[str, tuple[set[str], set[str]]]:
    """By what a row of a section's tables is about: the fields that must be there, and those that may be missing."""
    text = "\n".join(page.partition(f"\n## {section}\n")[2].partition("\n## ")[0] for page in PAGES)
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and line.count(" |") >= 2]
    return {
        row[0].strip("| `"): (set(re.findall(r"`(\w+)`", must)), set(re.findall(r"`(\w+)`", may)))
        for row in rows
        for must, _, may in [row[1].partition(";")]
        if "`" in row[1]
    }


@pytest.mark.parametrize("section", SECTIONS)
def test_each_field_of_a_struct_stands_in_its_row(section: str) -> None:
    told = said(section)
    for name, struct in SECTIONS[section].items():
        all_fields = fields(struct)
        may = {one.encode_name for one in all_fields if not one.required}
        assert told.pop(name) == ({one.encode_name for one in all_fields} - may, may), name
    assert told == {}, "rows of what there is no more"
