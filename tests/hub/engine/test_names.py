"""What the board and the counters call the centre: as central says, else as the program brought it."""

import msgspec
from sqlalchemy import insert

from common.protocol.feed_message import CentreNames
from hub.engine.status import centre_names
from offline_store.disk import tables
from tests.hub.hall import CENTRE, Hall


def test_the_centre_is_called_as_central_says(hall: Hall) -> None:
    with hall.hub.read() as look:
        assert centre_names(look)["en"] != CENTRE
    told = CentreNames({CENTRE: {"ar": "الرستن", "en": "Rastan"}, "other": {"ar": "آخر", "en": "Other"}})
    row = {"kind": "centre-names", "body": msgspec.json.encode(told).decode(), "message_id": 9}
    with hall.hub.store.write() as connection:
        connection.execute(insert(tables.centre_records).values(row))
    with hall.hub.read() as look:
        assert centre_names(look) == {"ar": "الرستن", "en": "Rastan"}
