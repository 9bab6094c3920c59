"""The hub names services as the kiosks of its centre do."""

import json

from sqlalchemy import insert

from hub.engine.services import known_services, queue_names
from offline_store.disk import tables
from tests.hub.hall import Hall

NEW: dict[str, object] = {"code": "passport", "group": "B", "prefix": "", "names": {"ar": "جواز سفر", "en": "Passport"}}


def test_what_the_feed_brought_lies_over_what_was_shipped(hall: Hall) -> None:
    entries: list[dict[str, object]] = [
        {"code": "clearance", "names": {"ar": "براءة", "en": "Clear"}, "offered": False},
        NEW,
    ]
    found = _known(hall, entries)
    assert found["clearance"] == ("Clear", "B")
    assert found["passport"] == ("Passport", "B")  # its group, as it has no letter of its own
    assert found["information"] == ("Information desk", "X")


def test_a_service_whose_entry_cannot_be_read_is_known_by_the_shipped_one(hall: Hall) -> None:
    found = _known(hall, [{"code": "clearance", "fee": {"amount_minor": -1}}, {"code": "odd", "names": 7}])
    assert found["clearance"][1] == "B"
    assert "odd" not in found


def test_a_group_and_a_desk_that_central_published_are_called_as_it_says(hall: Hall) -> None:
    said = {"group:B": {"names": {"ar": "المجلس", "en": "Council"}}}
    said["desk:information"] = {"prefix": "Z", "names": {"ar": "الاستعلامات", "en": "Front desk"}}  # type: ignore[dict-item]
    with hall.hub.store.write() as connection:
        for position, (code, entry) in enumerate(said.items()):
            connection.execute(insert(tables.catalogue).values(code=code, position=position, entry=json.dumps(entry)))
        names, services = queue_names(connection), known_services(connection)
    assert (names["B"]["en"], names["Z"]["en"], names["A"]["en"]) == ("Council", "Front desk", "Documents")
    assert services["information"].queue == "Z"


def _known(hall: Hall, entries: list[dict[str, object]]) -> dict[str, tuple[str, str]]:
    with hall.hub.store.write() as connection:
        for position, entry in enumerate(entries):
            values = {"code": entry["code"], "position": position, "entry": json.dumps(entry)}
            connection.execute(insert(tables.catalogue).values(**values))
        return {code: (one.names["en"], one.queue) for code, one in known_services(connection).items()}
