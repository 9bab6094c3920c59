"""A word on a centre is kept where it is on this one or on all, each under its name, and on another nowhere."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from common.protocol.claim_feed import ClaimRules, ClaimsToday, ClaimsWithdrawn
from common.protocol.feed_message import Calendar, Kiosks
from common.protocol.notice import Notices
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.calendar import take_calendar
from offline_store.feed.centre import take_centre
from offline_store.feed.claims import take_today, take_withdrawn
from offline_store.feed.feed_taking import BadMessage, Taking
from offline_store.feed.notices import take_notices
from tests.kit.store import stamp


def kept(store: Store, take: Any, body: msgspec.Struct) -> tuple[str, msgspec.Struct, int, int]:
    """Take a word alone; return under which name it is kept, itself, its message and its generation."""
    records = tables.centre_records
    with store.write() as connection:
        connection.execute(records.delete())
        take(Taking(connection, 7, "homs-main", stamp(), generation=3), body)
        row = connection.execute(select(records)).one()
    return row.kind, msgspec.json.decode(row.body, type=type(body)), row.message_id, row.heard


@pytest.mark.parametrize(
    ("take", "make", "own", "of_all"),
    [
        (take_calendar, lambda centre: Calendar(centre, 2026, []), "calendar-2026-here", "calendar-2026"),
        (take_notices, lambda centre: Notices(centre, []), "notices-here", "notices"),
        (take_withdrawn, lambda centre: ClaimsWithdrawn(centre, [], ClaimRules()), "claims-withdrawn", None),
        (take_today, lambda centre: ClaimsToday(centre, "2026-11-25", "ab" * 16, []), "claims-today-2026-11-25", None),
        (take_centre, lambda centre: Kiosks(centre, []), "kiosks", None),
    ],
)
def test_a_word_is_kept_under_its_name_unless_it_is_on_another_centre(
    store: Store, take: Any, make: Any, own: str, of_all: str | None
) -> None:
    assert kept(store, take, make("homs-main")) == (own, make("homs-main"), 7, 3)
    if of_all is not None:
        assert kept(store, take, make(None)) == (of_all, make(None), 7, 3)
    with pytest.raises(BadMessage) as refused:
        kept(store, take, make("homs-new"))
    assert str(refused.value) == "it is on centre homs-new, and this one is homs-main"
