"""A month of messages for pages to show: in each state, with and without a price, of two centres and of none."""

import itertools
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, insert

from central.base.config import load_config
from central.base.tables.messages import told as messages

MONTH: Final = "2026-11"
NUMBER_MARK: Final = "5ec2e7a1"
"""Stands for a number in its row; nobody is to see it."""
_ids = itertools.count(1)


def row(kind: str, state: str, made_at: str, *, centre: str | None = "homs-main", **more: Any) -> dict[str, Any]:
    """Return a message as the database has it."""
    number = next(_ids)
    sent = state in ("handed", "delivered", "failed", "unknown")
    own = {
        "id": f"02020202-0202-4202-8202-{number:012}", "kind": kind, "channel": "http" if sent else None,
        "made_at": made_at, "dies_at": "2026-12-20T09:00:00.000000Z", "state": state, "until": None,
        "handed_at": made_at if sent else None, "tries": 0, "sends": int(sent), "reference": None,
        "subject": "order", "about": f"{number:032x}", "what": "", "centre": centre, "said": "{}",
        "recipient": NUMBER_MARK if sent else None, "cost": 150 if sent else None, "number": None,
    }  # fmt: skip
    return own | more


def month() -> list[dict[str, Any]]:
    """Return the month's rows; the night from the 25th to the 26th belongs to the 25th until four o'clock."""
    noon = "2026-11-25T09:00:00.000000Z"
    return [
        *(row("order-ready", "delivered", noon) for _ in range(3)),
        row("order-ready", "handed", "2026-11-26T00:59:59.999999Z"),  # 03:59:59 in Homs
        row("order-ready", "handed", "2026-11-26T01:00:00.000000Z", cost=300, sends=2),
        row("order-ready", "failed", noon),
        row("order-ready", "waiting", "2026-11-26T18:30:00.000000Z"),
        row("near", "dropped", noon),
        row("near", "unknown", noon),
        row("works-again", "handed", noon, centre="homs-new", channel="app", cost=None, recipient=None),
        row("claim-off", "handed", noon, centre=None),
        row("claim-off", "waiting", "2026-12-02T09:00:00.000000Z"),
    ]


def lay_down(data: Path) -> None:
    """Put the month into a prepared database of this machine."""
    engine = create_engine(load_config(data, None).database_url.replace("+aiosqlite", ""))
    with engine.begin() as connection:
        connection.execute(insert(messages), month())
    engine.dispose()
