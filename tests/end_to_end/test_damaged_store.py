"""A kiosk whose database is damaged, seen from outside: by its commands and by central."""

from tests.end_to_end.conftest import Town


def test_a_damaged_store_is_salvaged_and_what_waited_still_reaches_central_once(town: Town) -> None:
    kiosk = town.enrol("one")
    given = kiosk.done("issue", "--service", "clearance", "--count", "60", "--no-print").rows
    path = kiosk.settings.parent / "var" / "store.db"
    with path.open("r+b") as file:
        file.write(bytes(4096))
    damaged = path.read_bytes()
    (new,) = kiosk.done("issue", "--service", "clearance", "--no-print").rows
    assert new["number"] == "B11000"
    assert new["business_day"] == given[0]["business_day"]
    waiting = {row["id"] for row in kiosk.done("outbox", "list").rows}
    assert {row["id"] for row in (*given, new)} < waiting
    kiosk.done("forward", "--once")
    assert {row["state"] for row in kiosk.done("outbox", "list", "--all").rows} == {"acknowledged"}
    applied = [row["id"] for row in town.central("inbox").rows]
    assert waiting <= set(applied)
    assert len(set(applied)) == len(applied)
    assert (path.parent / "damaged" / "0001" / "store.db").read_bytes() == damaged
