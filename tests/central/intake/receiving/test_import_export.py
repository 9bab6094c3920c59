"""A backlog on a stick: what is taken of it, what is named, and whether the export is whole."""

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from central.base.tables.received import batches, inbox
from central.intake.receiving import evidence
from central.intake.receiving.import_export import MOST_NAMED, Imported, import_file
from common.protocol.envelope import Batch, Item
from common.protocol.export_part import sign_export_part
from tests.central.conftest import Stage
from tests.kit.sender import Sender

LACKS = "the file lacks a part of its export: export again and import that file too"


def line(sender: Sender, part: int, *items: Item, last: bool = False, kiosk: str = "") -> bytes:
    return sign_export_part(kiosk or sender.kiosk, part, last, Batch(list(items)), sender.key)


async def taken(stage: Stage, path: Path, *lines: bytes) -> Imported:
    path.write_bytes(b"".join(lines))  # noqa: ASYNC240 - nothing else runs meanwhile
    return await import_file(stage.engine, path)


async def test_each_part_is_taken_as_a_batch_and_known_the_second_time(stage: Stage, tmp_path: Path) -> None:
    sender = await stage.enrolled()
    items = [sender.ticket() for _ in range(3)]
    lines = line(sender, 0, *items[:2]), b"\n", line(sender, 1, items[2], last=True)
    assert await taken(stage, tmp_path / "stick", *lines) == Imported(Counter(applied=3))
    assert await taken(stage, tmp_path / "stick", *lines) == Imported(Counter(duplicate=3))
    kept = await stage.all(select(inbox.c.id, inbox.c.result, inbox.c.reason).order_by(inbox.c.seq))
    assert [tuple(row) for row in kept] == [(one.id, "applied", None) for one in items]
    rows = await stage.all(select(batches).order_by(batches.c.received_at))
    told = [(row.content_digest, row.signature_input, row.target) for row in rows]
    assert told[:2] == [("export part 0", "export", None), ("export part 1", "export", None)]
    found = await evidence.verify(stage.engine)
    assert (found.items, found.exported, found.whole, found.signed, found.wrong) == (3, len(rows), 0, 0, [])


async def test_what_is_wrong_is_named_by_its_line_and_costs_only_itself(stage: Stage, tmp_path: Path) -> None:
    sender, other = await stage.enrolled(), await stage.enrolled()
    good = line(sender, 0, sender.ticket(), last=True)
    strange = line(sender, 0, sender.ticket(), kiosk="kiosk-ffffffff", last=True)
    forged = line(other, 0, kiosk=sender.kiosk, last=True)
    imported = await taken(stage, tmp_path / "stick", b"torn\n", b" \n", strange, forged, good)
    assert imported.results == Counter(applied=1)
    assert [problem.partition(": ")[0] for problem in imported.problems] == ["line 1", "line 3", "line 4"]
    assert imported.problems[1] == "line 3: no kiosk kiosk-ffffffff is enrolled here"
    assert imported.more_problems == 0


async def test_a_revoked_kiosk_s_stick_is_kept_apart(stage: Stage, tmp_path: Path) -> None:
    sender = await stage.enrolled()
    late = line(sender, 0, sender.ticket(), last=True)
    await stage.revoke(sender)
    assert await taken(stage, tmp_path / "stick", late) == Imported(Counter(quarantined=1))


async def test_a_file_is_whole_where_each_part_up_to_the_last_is_there(stage: Stage, tmp_path: Path) -> None:
    sender = await stage.enrolled()
    cases: list[tuple[list[tuple[int, bool]], bool]] = [
        ([(0, True)], True),
        ([(0, False), (1, True)], True),
        ([(1, True), (0, False)], True),
        ([(0, False)], False),
        ([(1, True)], False),
        ([(0, False), (2, True)], False),
        ([(0, False), (0, False), (1, True)], True),
        ([(0, True), (0, False), (1, True)], True),
        ([(0, True), (0, False)], False),
        ([], False),
    ]
    for parts, is_whole in cases:
        imported = await taken(stage, tmp_path / "stick", *(line(sender, part, last=last) for part, last in parts))
        assert imported.problems == ([] if is_whole else [LACKS]), parts


def test_as_many_problems_are_named_as_a_person_reads() -> None:
    imported = Imported()
    for number in range(MOST_NAMED):
        imported.note(str(number))
    assert (len(imported.problems), imported.more_problems) == (20, 0)
    imported.note("one more")
    assert (imported.problems[-1], imported.more_problems) == ("19", 1)
