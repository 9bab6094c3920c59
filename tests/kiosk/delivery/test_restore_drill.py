"""The restore drill: central is set back to yesterday's copy, on SQLite and on PostgreSQL, and nothing stays lost."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import select

from offline_store.alarms import list_alarms
from offline_store.delivery.connection.delivery_error import DeliveryRejected
from offline_store.delivery.delivery_status import REFUSES
from offline_store.disk import tables
from offline_store.issuing.sealing import current_sealing_key
from tests.kiosk.delivery.live import EnrolledKiosk, RealCentral
from tests.kit.postgres import fresh_database, running_postgres

KEY = {"kid": "00ff", "public_key": "A" * 43 + "=", "valid_from": 1, "valid_until": 2**40}


class Copies:
    """Copies of a stopped central's database, and the way back."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder, self.server = folder, server
        self.url = None if server is None else fresh_database(server)

    def save(self) -> None:
        if self.server is None:
            shutil.copy(self.folder / "central.db", self.folder / "yesterday")
        else:
            self._say("CREATE DATABASE {0}_yesterday TEMPLATE {0}")

    def restore(self) -> None:
        if self.server is None:
            for side in ("-wal", "-shm"):
                (self.folder / f"central.db{side}").unlink(missing_ok=True)
            shutil.copy(self.folder / "yesterday", self.folder / "central.db")
        else:
            self._say("DROP DATABASE {0} WITH (FORCE)")
            self._say("CREATE DATABASE {0} TEMPLATE {0}_yesterday")

    def _say(self, statement: str) -> None:
        server, url = self.server, self.url
        assert server is not None
        assert url is not None

        async def say() -> None:
            connection = await asyncpg.connect(server)
            await connection.execute(statement.format(url.rsplit("/", 1)[1]))
            await connection.close()

        asyncio.run(say())


@pytest.fixture(params=["sqlite", "postgresql"])
def drill(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[RealCentral, Copies]]:
    folder = tmp_path / "central"
    folder.mkdir()
    if request.param == "sqlite":
        copies = Copies(folder, None)
        central = RealCentral(folder)
        yield central, copies
        central.close()
        return
    with running_postgres() as server:
        copies = Copies(folder, server)
        central = RealCentral(folder, copies.url)
        yield central, copies
        central.close()


def applied(central: RealCentral) -> set[str]:
    return {row["id"] for row in central.run("inbox")}


def test_what_was_delivered_and_published_since_the_copy_comes_back(
    drill: tuple[RealCentral, Copies], tmp_path: Path
) -> None:
    central, copies = drill
    kiosk = EnrolledKiosk(tmp_path / "kiosk", central)
    central.run("publish", "app-key", "-", given=KEY)
    central.run("technician", "Rana", "--centre", "homs-main", "--role", "manager")
    for _ in range(20):
        kiosk.ticket()
    kiosk.forward()
    copied = len(kiosk.states())
    central.close()
    copies.save()

    central.start()
    since = {kiosk.ticket() for _ in range(130)}
    central.run("publish", "app-key-revoked", "-", given={"kid": "00ff", "revoked_at": 5})
    kiosk.forward()
    assert since < applied(central)
    before = len(kiosk.states())
    central.close()
    copies.restore()

    central.start()
    assert not since & applied(central)
    # Ids of the feed come a second time, with other messages: each must be heard.
    central.run("publish", "settings", "-", given={"screen.brightness": 30})
    central.run("technician", "Sami", "--centre", "homs-main", "--role", "manager")
    kiosk.forward()
    assert set(kiosk.states()) == applied(central)
    assert {state for state, _ in kiosk.states().values()} == {"acknowledged"}
    with kiosk.store.read() as connection:
        assert (
            connection.scalar(select(tables.settings.c.value).where(tables.settings.c.key == "screen.brightness"))
            == "30"
        )
        assert set(connection.scalars(select(tables.technicians.c.name))) == {"Rana", "Sami"}
        assert connection.scalar(select(tables.app_keys.c.revoked_at)) == 5  # a revoked key never lives again
    named = {row["code"]: row["item"] for row in central.run("findings")}
    # Central tells which part of the chain it had lost, and the kiosk which revocation.
    assert named == {"acknowledged-and-lost": f"{copied + 1}-{before}", "app-key-revocation-lacked": "00ff 5"}
    assert kiosk.forward() == 0  # and there it ends
    kiosk.store.close()


def test_the_operator_may_say_it_and_a_hole_is_filled_too(drill: tuple[RealCentral, Copies], tmp_path: Path) -> None:
    central, _ = drill
    kiosk = EnrolledKiosk(tmp_path / "kiosk", central)
    kiosk.ticket()
    kiosk.forward()
    before = central.run("restored")[0]["feed_epoch"]
    assert kiosk.forward() > 0  # the audit item that says so
    with kiosk.store.read() as connection:
        assert connection.scalar(select(tables.feed.c.epoch)) == before
    assert set(kiosk.states()) == applied(central)
    kiosk.store.close()


def numbers(kiosk: EnrolledKiosk) -> list[str]:
    with kiosk.store.read() as connection:
        return list(connection.scalars(select(tables.tickets.c.number)))


def alarms(kiosk: EnrolledKiosk) -> set[str]:
    return {alarm.code for alarm in list_alarms(kiosk.store)}


def test_kiosks_enrolled_since_the_copy_enrol_again_and_no_number_is_given_twice(
    drill: tuple[RealCentral, Copies], tmp_path: Path
) -> None:
    central, copies = drill
    central.close()
    copies.save()
    central.start()
    first, second = EnrolledKiosk(tmp_path / "first", central), EnrolledKiosk(tmp_path / "second", central)
    second.ticket()
    second.forward()
    central.close()
    copies.restore()

    central.start()
    central.run("restored")
    waiting = {second.ticket(), first.ticket()}
    for kiosk in (second, first):
        with pytest.raises(DeliveryRejected):
            kiosk.forward()
        assert REFUSES in alarms(kiosk)
    again = second.enrol(central)  # while the one with the lower digit serves on, unknown
    assert (again.kiosk, again.digit) == (second.said.kiosk, second.said.digit)
    waiting.add(second.ticket())
    first.enrol(central)
    for kiosk in (second, first):
        kiosk.forward()
        assert {state for state, _ in kiosk.states().values()} == {"acknowledged"}
        assert REFUSES not in alarms(kiosk)
    assert waiting < applied(central)
    given = [number for kiosk in (first, second) for number in numbers(kiosk)]
    assert len(given) == len(set(given)) == 4
    assert "kiosk-unknown" not in {row["code"] for row in central.run("findings")}
    for kiosk in (first, second):
        kiosk.store.close()


def test_a_kiosk_revoked_since_the_copy_is_named_until_it_is_revoked_again(
    drill: tuple[RealCentral, Copies], tmp_path: Path
) -> None:
    central, copies = drill
    kiosk = EnrolledKiosk(tmp_path / "kiosk", central)
    kiosk.ticket()
    kiosk.forward()
    central.close()
    copies.save()

    central.start()
    central.run("revoke", kiosk.said.kiosk)
    for _ in range(2):  # it hears of it, and says that it has
        with pytest.raises(DeliveryRejected, match="revoked"):
            kiosk.forward()
    central.close()
    copies.restore()

    central.start()
    central.run("restored")
    kiosk.forward()  # central believes its key again
    assert "kiosk-revocation-lacked" in {row["code"] for row in central.run("findings")}
    central.run("revoke", kiosk.said.kiosk)
    assert "kiosk-revocation-lacked" not in {row["code"] for row in central.run("findings")}
    kiosk.store.close()


def test_a_sealing_key_made_since_the_copy_is_sealed_to_no_more(
    drill: tuple[RealCentral, Copies], tmp_path: Path
) -> None:
    central, copies = drill
    first, second = EnrolledKiosk(tmp_path / "first", central), EnrolledKiosk(tmp_path / "second", central)
    first.forward()
    second.forward()
    before = sealing_kid(first)
    central.close()
    copies.save()

    central.start()
    central.run("publish", "central-keys", "-", given={"rotate": ["sealing"]})
    first.forward()
    second.forward()
    assert before not in (sealing_kid(first), sealing_kid(second))
    central.close()
    copies.restore()  # onto a new machine: the keys' folder is that of the copy too

    central.start()
    for _ in range(2):
        first.forward()
        second.forward()
    assert {sealing_kid(first), sealing_kid(second)} == {before}, "nobody has the other one's private half any more"
    for kiosk in (first, second):
        kiosk.store.close()


def sealing_kid(kiosk: EnrolledKiosk) -> str:
    with kiosk.store.read() as connection:
        return current_sealing_key(connection).kid
