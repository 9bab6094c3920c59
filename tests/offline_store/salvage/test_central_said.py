"""What central has said survives its store: by a file of its own, whole or not at all, and never an older word."""

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from structlog.testing import capture_logs

from common.machine import pepper
from common.machine.errors import StoreUnavailable
from common.machine.pepper import machine_pepper
from common.machine.records import record
from common.machine.records.record import copy_of
from common.protocol.central_keys import endorsement, key_id
from common.protocol.claim_feed import ClaimKeyRecord
from common.protocol.feed_message import (
    AppKey,
    AppKeyRevoked,
    Calendar,
    CalendarDay,
    Catalogue,
    CentralKeyRecord,
    CentralKeys,
    ClerkRecord,
    Clerks,
    CounterRecord,
    Counters,
    EndorsedKey,
    HubRecord,
    Hubs,
    Technician,
)
from common.protocol.feed_page import FeedMessage, FeedPage
from common.protocol.notice import Notices
from common.protocol.queue.service_now import ReasonRecord, Reasons
from offline_store.alarms import list_alarms
from offline_store.delivery import enrolment
from offline_store.disk import tables
from offline_store.disk.database import DATABASE, Store
from offline_store.feed.calendar import special_days
from offline_store.feed.catalogue import published
from offline_store.feed.centre import said_of_centre
from offline_store.feed.claims import claim_keys
from offline_store.feed.feed import apply_page, place
from offline_store.feed.feed_keys import signing_keys
from offline_store.feed.told import FILE, told_by
from offline_store.identity import CentralKey, Identity
from offline_store.opening import open_store_in
from tests.kit.store import MACHINE, SEALING_KEY, stamp

FIRST, NEXT, CLAIMS = (Ed25519PrivateKey.from_private_bytes(one * 32) for one in (b"1", b"2", b"3"))
PIN = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("1122")
UNTIL = 2_000_000_000


def public(key: Ed25519PrivateKey) -> tuple[str, str]:
    raw = key.public_key().public_bytes_raw()
    return key_id(raw), base64.b64encode(raw).decode()


OWN = Identity("kiosk-0001", "homs-main", 2, (SEALING_KEY, CentralKey(public(FIRST)[0], "signing", public(FIRST)[1])))
WORDS: list[tuple[str, Any]] = [
    (
        "central-keys",
        CentralKeys(
            CentralKeyRecord(SEALING_KEY.kid, SEALING_KEY.public_key),
            [
                EndorsedKey(*public(FIRST)),
                EndorsedKey(
                    *public(NEXT),
                    public(FIRST)[0],
                    base64.b64encode(FIRST.sign(endorsement(*public(NEXT)))).decode(),
                ),
            ],
        ),
    ),
    ("hubs", Hubs("homs-main", [HubRecord("hub-1", "http://127.0.0.1:1", "AAAA")])),
    ("catalogue", Catalogue([{"code": "passports", "names": {"ar": "جوازات"}}], {"B": {"mark": {"sign": "star"}}})),
    ("calendar", Calendar(None, 2026, [CalendarDay("2026-12-01", closed=True)])),
    ("calendar", Calendar("homs-main", 2026, [CalendarDay("2026-12-02", closed=True)])),
    ("claim-key", ClaimKeyRecord(*public(CLAIMS), UNTIL)),
    ("reasons", Reasons([ReasonRecord("line", {"ar": "الخط", "en": "the line"})])),
    ("notices", Notices("homs-main", [])),
    ("settings", {"printer.width": 80, "screen.languages": ["ar", "en"]}),
    ("technician", Technician("t-1", "Rana", "homs-main", "manager", PIN)),
    ("clerks", Clerks("homs-main", [ClerkRecord("c-1", "Ali", "clerk", "11", PIN)])),
    ("counters", Counters("homs-main", [CounterRecord(1, {"ar": "1"}, ["B"])])),
    ("app-key", AppKey("0011", base64.b64encode(b"a" * 32).decode(), 1, UNTIL)),
    ("app-key-revoked", AppKeyRevoked("0011", 1_700_000_000)),
]


def page(*words: tuple[str, Any], through: int = 100, epoch: str = "e1", snapshot: bool = True) -> FeedPage:
    messages = [
        FeedMessage(through - len(words) + place, kind, msgspec.Raw(msgspec.json.encode(body)))
        for place, (kind, body) in enumerate(words, start=1)
    ]
    return FeedPage(messages, f"{epoch}.{through}", epoch, through, snapshot)


def opened(folder: Path) -> Store:
    return open_store_in(folder, OWN, stamp=stamp(), machine=MACHINE)


def said(store: Store) -> list[tuple[str, Any]]:
    """Return all that a store knows of central's words, in an order of its own."""
    with store.read() as connection:
        rows = {one: connection.execute(select(tables.metadata.tables[one])).mappings().all() for one in _TABLES}
    known = told_by(lambda name: rows[name])
    return sorted((one.kind, json.dumps(json.loads(bytes(one.body)), sort_keys=True)) for one in known.messages)


_TABLES = ("feed", "centre_records", "catalogue", "settings", "technicians", "app_keys")


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A folder whose store has heard a snapshot of all that is said."""
    with opened(tmp_path / "data") as store:
        assert apply_page(store, page(*WORDS), stamp())
        assert [one.code for one in list_alarms(store)] == []
    return tmp_path / "data"


def lose_all(folder: Path) -> None:
    for path in folder.glob(f"{DATABASE}*"):
        path.unlink()


def lose_every_trace(folder: Path) -> None:
    """Have a first store begin where one was: nobody knows any more that there was one."""
    for path in [*folder.glob("store*"), folder / "last-epoch"]:
        path.unlink()


def lose_first_page(folder: Path) -> None:
    with (folder / DATABASE).open("r+b") as file:
        file.write(bytes(4096))


def lose_words(folder: Path) -> None:
    """Tear every page of what central has said, and leave the rest."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        roots = [
            row[0]
            for row in connection.execute(
                "SELECT rootpage FROM sqlite_schema WHERE tbl_name IN "
                "('centre_records', 'catalogue', 'settings', 'technicians', 'app_keys', 'central_keys')"
            )
        ]
    with (folder / DATABASE).open("r+b") as file:
        for root in roots:
            file.seek((root - 1) * 4096)
            file.write(bytes(4096))
    (folder / "store.damaged").write_text("seen while running")


LOSSES = (lose_all, lose_every_trace, lose_first_page, lose_words)


@pytest.mark.parametrize("lose", LOSSES, ids=lambda one: one.__name__)
def test_without_a_network_a_lost_store_knows_all_that_central_has_said(used: Path, lose: Any) -> None:
    with opened(used) as store:
        before = said(store)
        assert len(before) == len(WORDS)
    lose(used)
    with opened(used) as store, store.read() as connection:
        assert said(store) == before
        hubs, clerks = said_of_centre(connection, Hubs), said_of_centre(connection, Clerks)
        assert hubs is not None
        assert [one.id for one in hubs[0].hubs] == ["hub-1"]
        assert clerks is not None
        assert clerks[0].clerks[0].pin_hash == PIN
        assert special_days(connection).keys() == {"2026-12-01", "2026-12-02"}
        assert claim_keys(connection).keys() == {bytes.fromhex(public(CLAIMS)[0])}
        assert published(connection).groups == {"B": {"mark": {"sign": "star"}}}
        revoked = select(tables.app_keys.c.revoked_at)
        assert connection.execute(revoked).scalar_one() == 1_700_000_000
        assert public(NEXT)[0] in signing_keys(store), "on the word of the key that enrolment gave"
        assert [one.code for one in list_alarms(store) if one.code != "store-salvaged"] == []


@pytest.mark.parametrize("lose", LOSSES, ids=lambda one: one.__name__)
def test_central_says_everything_once_more_and_nothing_older_counts(used: Path, lose: Any) -> None:
    lose(used)
    with opened(used) as store:
        assert place(store).cursor is None, "it asks for a snapshot"
        assert not apply_page(store, page(("settings", {"printer.width": 58}), through=99), stamp())
        assert ("settings", json.dumps({"printer.width": 80, "screen.languages": ["ar", "en"]})) in said(store)
        assert "feed-went-back" in [one.code for one in list_alarms(store)]
        assert apply_page(store, page(("settings", {"printer.width": 58}), through=101), stamp())
        assert said(store) == [
            ("app-key", said_as(WORDS[-2][1])), ("app-key-revoked", said_as(WORDS[-1][1])),
            ("settings", json.dumps({"printer.width": 58})),
        ]  # fmt: skip
        assert "feed-went-back" not in [one.code for one in list_alarms(store)]


def said_as(body: Any) -> str:
    return json.dumps(msgspec.to_builtins(body), sort_keys=True)


def test_a_salvaged_store_still_notices_that_central_was_set_back(used: Path) -> None:
    lose_all(used)
    with opened(used) as store:
        assert apply_page(store, page(("settings", {}), through=40, epoch="e2"), stamp())
        assert "feed-went-back" in [one.code for one in list_alarms(store)]


@pytest.mark.parametrize("torn", ["both", "first", "copy"])
def test_of_a_torn_file_the_whole_copy_counts_or_nothing(used: Path, torn: str) -> None:
    with opened(used) as store:
        before = said(store)
    for path in {"both": (used / FILE, copy_of(used / FILE)), "first": (used / FILE,)}.get(
        torn, (copy_of(used / FILE),)
    ):
        text = path.read_bytes()
        path.write_bytes(text.replace(b"hub-1", b"hub-9"))
    lose_all(used)
    with capture_logs() as logged, opened(used) as store:
        assert said(store) == ([] if torn == "both" else before)
    assert ("central-said-damaged" in [one["event"] for one in logged]) is (torn == "both")
    assert record.is_whole(used / FILE), "made whole again"


def test_without_the_file_what_reads_of_the_store_counts(used: Path) -> None:
    with opened(used) as store:
        before = said(store)
        with store.write() as connection:
            row = {"key": "torn", "value": "{", "heard": 1}
            connection.execute(tables.settings.insert().values(row))
    for path in used.glob("central-said*"):
        path.unlink()
    (used / "store.damaged").write_text("seen while running")
    with opened(used) as store:
        assert said(store) == before, "and what was torn takes no other along"


def test_a_file_of_an_older_program_s_time_sets_nothing_back(used: Path) -> None:
    older = {path: path.read_bytes() for path in used.glob("central-said*")}
    with opened(used) as store:
        assert apply_page(store, page(("settings", {"printer.width": 58}), through=101, snapshot=False), stamp())
        before = said(store)
    for path, content in older.items():
        path.write_bytes(content)
    (used / "store.damaged").write_text("seen while running")
    with opened(used) as store:
        assert said(store) == before
        assert not apply_page(store, page(("settings", {"printer.width": 80}), through=100), stamp())


def test_a_store_that_an_older_program_has_filled_gets_its_file_when_it_is_opened(used: Path) -> None:
    for path in used.glob("central-said*"):
        path.unlink()
    with opened(used) as store:
        before = said(store)
    lose_all(used)
    with opened(used) as store:
        assert said(store) == before


def test_a_page_that_the_file_cannot_take_is_not_taken(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is never behind the store: after a cut between both it has the page, and the store asks for it again."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with opened(used) as store:
        before = said(store)
        with monkeypatch.context() as patched:
            patched.setattr(record, "replace_file", full)
            with pytest.raises(StoreUnavailable):
                apply_page(store, page(("settings", {"printer.width": 58}), through=101, snapshot=False), stamp())
        assert said(store) == before
        with monkeypatch.context() as patched:
            patched.setattr(record, "replace_file", full)
            copy_of(used / FILE).unlink()
            opened(used).close()  # a full disk keeps nobody from opening


def test_only_the_owner_reads_it_and_no_pin_is_in_it_without_its_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pepper, "PEPPER", tmp_path / "pepper")
    (tmp_path / "pepper").write_bytes(b"a" * 32)
    folder = tmp_path / "data"
    with opened(folder) as store:
        apply_page(store, page(*WORDS), stamp())
        before = said(store)
    files = [folder / FILE, copy_of(folder / FILE)]
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]
    assert not any(b"argon2id" in path.read_bytes() for path in files)
    lose_all(folder)
    with opened(folder) as store:
        assert said(store) == before
        with store.read() as connection:
            kept = connection.execute(select(tables.technicians.c.pin_hash)).scalar_one()
        assert pepper.opened(kept, machine_pepper()) == PIN


OTHERS = {
    "another centre": Identity("kiosk-0007", "homs-2", 3, OWN.central_keys),
    "another central": Identity(
        "kiosk-0001", "homs-main", 2, (CentralKey(public(CLAIMS)[0], "signing", public(CLAIMS)[1]),)
    ),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_what_another_central_said_or_to_another_centre_goes_with_its_enrolment(used: Path, other: Identity) -> None:
    with opened(used) as store:
        enrolment.settle(store, other, MACHINE, stamp())
        assert b"hub-1" not in (used / FILE).read_bytes()
        assert b"hub-1" not in copy_of(used / FILE).read_bytes()
    lose_all(used)
    with open_store_in(used, other, stamp=stamp(), machine=MACHINE) as store:
        assert "hubs" not in [kind for kind, _ in said(store)]


def test_a_file_of_another_centre_is_not_believed(used: Path) -> None:
    lose_every_trace(used)
    with open_store_in(
        used, Identity("kiosk-0007", "homs-2", 3, OWN.central_keys), stamp=stamp(), machine=MACHINE
    ) as store:
        assert said(store) == []


@pytest.mark.parametrize("content", [{"centre": "homs-main"}, {"centre": 7, "messages": []}])
def test_a_file_of_another_form_is_not_believed(used: Path, content: dict[str, Any]) -> None:
    record.keep(used / FILE, content)
    lose_all(used)
    with opened(used) as store:
        assert said(store) == []
