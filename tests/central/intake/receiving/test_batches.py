import asyncio
import random
import uuid
from typing import Any, cast

import msgspec
import pytest
from sqlalchemy import func, select, text

from central.base.tables.received import batches, chains, findings, health, inbox
from common.protocol.envelope import MAX_BATCH_BYTES, Item, TicketBody, encode_body
from tests.central.conftest import Stage
from tests.kit.sender import Sender


async def test_each_item_is_applied_once_in_whatever_order_it_comes(stage: Stage) -> None:
    sender = await stage.enrolled()
    items = [sender.ticket() for _ in range(30)]
    shuffled = random.Random(7).sample(items, len(items))
    for start in range(0, 30, 10):
        part = shuffled[start : start + 10]
        assert await stage.results(sender, *part) == [("applied", None)] * 10
        assert await stage.results(sender, *part) == [("duplicate", None)] * 10
    assert (await stage.deliver(sender, items[-1])).acked_through == 30
    assert await stage.all(select(findings)) == []


async def test_the_same_id_with_another_body_is_a_conflict_and_changes_nothing(stage: Stage) -> None:
    sender = await stage.enrolled()
    item = sender.ticket()
    other = sender.rehashed(item, body=encode_body(TicketBody("A1999", "civil-affairs", "2026-11-25")))
    assert await stage.results(sender, item) == [("applied", None)]
    assert await stage.results(sender, other) == [("conflict", "id-taken")]
    assert [row.body for row in await stage.all(select(inbox))] == [item.body]


async def test_the_same_place_in_the_chain_with_another_id_shows_a_cloned_disk(stage: Stage) -> None:
    sender = await stage.enrolled()
    item = sender.ticket()
    clone = sender.rehashed(item, id=str(uuid.uuid4()))
    after = sender.ticket()
    assert await stage.results(sender, item) == [("applied", None)]
    assert await stage.results(sender, clone, after) == [("conflict", "sequence-taken"), ("applied", None)]
    (found,) = await stage.all(select(findings))
    assert (found.code, found.seq, found.item) == ("sequence-taken", 1, f"{clone.id} {item.id}")


async def test_one_id_twice_in_one_batch_is_told_apart_too(stage: Stage) -> None:
    sender = await stage.enrolled()
    item = sender.ticket()
    other = sender.rehashed(item, clock="restored")
    assert await stage.results(sender, item, item, other) == [
        ("applied", None),
        ("duplicate", None),
        ("conflict", "id-taken"),
    ]


async def test_two_senders_of_one_backlog_in_flight_apply_each_item_once(stage: Stage) -> None:
    sender = await stage.enrolled()
    items = [sender.ticket() for _ in range(200)]
    order = random.Random(3)

    async def send() -> list[tuple[str, str | None]]:
        mine = order.sample(items, len(items))
        results = []
        for start in range(0, len(mine), 20):
            results += await stage.results(sender, *mine[start : start + 20])
        return results

    outcomes = [result for results in await asyncio.gather(*(send() for _ in range(4))) for result, _ in results]
    assert outcomes.count("applied") == 200
    assert outcomes.count("duplicate") == 600
    assert [row.head_seq for row in await stage.all(select(chains))] == [200]


async def test_one_item_sent_by_two_at_the_same_moment_is_applied_and_duplicate(stage: Stage) -> None:
    sender = await stage.enrolled()
    for _ in range(20):
        item = sender.ticket()
        both = await asyncio.gather(stage.results(sender, item), stage.results(sender, item))
        assert sorted(result for [(result, _)] in both) == ["applied", "duplicate"]


ALTERED: list[dict[str, Any]] = [
    {"body": encode_body(TicketBody("A1001", "clearance", "2026-11-25"))},
    {"seq": 7},
    {"wall_time": "1970-01-01T00:00:00Z"},
    {"hash": "0" * 64},
]


async def test_an_altered_item_is_rejected_by_its_hash_and_costs_only_itself(stage: Stage) -> None:
    sender = await stage.enrolled()
    good = []
    for change in ALTERED:
        altered = msgspec.structs.replace(sender.ticket(), **change)
        good.append(sender.ticket())
        assert await stage.results(sender, altered, good[-1]) == [("rejected", "bad-hash"), ("applied", None)]
    rows = await stage.all(select(inbox.c.id).order_by(inbox.c.arrival))
    assert [row.id for row in rows] == [item.id for item in good]


UNREADABLE = [
    ("ticket", "bm90IGpzb24=", "unreadable-body"),
    ("ticket", "AAA", "unreadable-body"),
    ("order", "e30=", "unreadable-body"),
    ("coffee", "e30=", "unknown-kind"),
]


async def test_what_cannot_be_read_is_kept_in_quarantine(stage: Stage) -> None:
    sender = await stage.enrolled()
    for kind, body, reason in UNREADABLE:
        odd = sender.rehashed(sender.ticket(), kind=kind, body=body)
        assert await stage.results(sender, odd) == [("quarantined", reason)]
        assert await stage.results(sender, odd) == [("duplicate", reason)]
    rows = await stage.all(select(inbox).order_by(inbox.c.arrival))
    assert [(row.body, row.result) for row in rows] == [(body, "quarantined") for _, body, _ in UNREADABLE]


async def test_a_trust_in_the_clock_that_there_is_not_is_kept_in_quarantine(stage: Stage) -> None:
    sender = await stage.enrolled()
    for clock, result in (
        ("synced", ("applied", None)),
        ("restored", ("applied", None)),
        ("untrusted", ("applied", None)),
        ("guessed", ("quarantined", "unknown-clock")),
    ):
        assert await stage.results(sender, sender.rehashed(sender.ticket(), clock=clock)) == [result]


MALFORMED: list[dict[str, Any]] = [
    *({"seq": "one"}, {"seq": 2**63}, {"body": None}, {"epoch": "\u0000"}, {"surprise": [1]}, {"kind": "قديم\\u0000"})
]


async def test_a_malformed_item_is_kept_raw_and_costs_only_itself(stage: Stage) -> None:
    sender = await stage.enrolled()
    for change in MALFORMED:
        odd = msgspec.to_builtins(sender.ticket()) | change
        good = msgspec.to_builtins(sender.ticket())
        body = msgspec.json.encode({"items": [odd, good]})
        answers = (await stage.post(sender, body)).json()["results"]
        assert [(one["id"], one["result"]) for one in answers] == [(odd["id"], "quarantined"), (good["id"], "applied")]
        again = (await stage.post(sender, body)).json()["results"]
        assert [one["result"] for one in again] == ["duplicate", "duplicate"]


NO_BATCHES = [
    *(b"", b"[]", b"\xff", b"{}", b'{"items": 1}', b'{"items": [1]}', b'{"items": [{"id": "x"}]}', b'{"items": [' * 500)
]


async def test_what_is_no_batch_is_a_problem_document(stage: Stage) -> None:
    sender = await stage.enrolled()
    for body in NO_BATCHES:
        response = await stage.post(sender, body)
        assert response.status_code == 400, body[:60]
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == 400


async def test_a_batch_has_at_most_100_items_and_256_kib(stage: Stage) -> None:
    sender = await stage.enrolled()
    items = [sender.ticket() for _ in range(101)]
    body = msgspec.json.encode({"items": items})
    assert (await stage.post(sender, body)).status_code == 413
    assert (await stage.post(sender, sender.batch(items[:100]))).status_code == 200
    padding = b" " * (MAX_BATCH_BYTES - len(sender.batch(items[:1])))
    assert (await stage.post(sender, sender.batch(items[:1]) + padding)).status_code == 200
    too_large = await stage.post(sender, sender.batch(items[:1]) + padding + b" ")
    assert (too_large.status_code, too_large.json()["type"]) == (413, "/problems/too-large")


async def test_a_kiosk_that_is_gone_in_mid_request_is_no_failure_of_centrals(stage: Stage) -> None:
    sender = await stage.enrolled()
    headers = sender.signature("POST", sender.batches_path, b"{}")
    scope = {
        "type": "http", "method": "POST", "path": sender.batches_path, "raw_path": sender.batches_path.encode(),
        "query_string": b"", "scheme": "http", "server": ("central.test", 80), "root_path": "", "http_version": "1.1",
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers | {"Host": "x"}).items()],
    }  # fmt: skip
    received: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return received.pop(0)

    async def send(message: dict[str, Any]) -> None:
        if "status" in message:
            statuses.append(message["status"])

    await cast("Any", stage.app)(scope, receive, send)
    assert statuses == [400]


async def test_a_revoked_kiosks_late_backlog_is_quarantined_and_its_feed_refused(stage: Stage) -> None:
    sender = await stage.enrolled()
    early, late = sender.ticket(), sender.ticket()
    await stage.deliver(sender, early)
    await stage.revoke(sender)
    assert await stage.results(sender, early, late) == [("duplicate", None), ("quarantined", "kiosk-revoked")]
    assert (await stage.get_feed(sender)).status_code == 403
    rows = await stage.all(select(inbox.c.id).where(inbox.c.result == "applied"))
    assert [row.id for row in rows] == [early.id]


async def test_only_this_kiosks_signature_over_exactly_this_request_is_taken(stage: Stage) -> None:
    sender, other = await stage.enrolled(), await stage.enrolled()
    body = sender.batch([sender.ticket()])
    path = sender.batches_path
    good = sender.signature("POST", path, body)
    feed = f"/v1/kiosks/{sender.kiosk}/feed"
    attempts: list[tuple[str, dict[str, str], bytes]] = [
        (path, {}, body),
        (path, good, body.replace(b"ticket", b"tickeT")),
        (path, other.signature("POST", path, body), body),
        (path, other.signature("POST", path, body, keyid=sender.kiosk), body),
        (path, sender.signature("POST", path + "?x=1", body), body),
        (path, sender.signature("PUT", path, body), body),
        (other.batches_path, good, body),
        (path, {name: value for name, value in good.items() if name != "Content-Digest"}, body),
        (path, good | {"Signature-Input": good["Signature-Input"].replace('"@method" ', "")}, body),
    ]
    for target, headers, content in attempts:
        response = await stage.client.post(target, content=content, headers=headers)
        assert response.status_code == 401, (target, headers)
        assert response.headers["Content-Type"] == "application/problem+json"
    assert (await stage.client.get(feed, headers=sender.signature("GET", feed + "?after=1"))).status_code == 401
    assert await stage.all(select(inbox)) == []


async def test_a_kiosk_that_there_cannot_be_is_not_known_rather_than_a_fault(stage: Stage) -> None:
    for name in ("nobody", "%00", "a%00b", "%FF", "..", "x" * 500):
        for path, method in ((f"/v1/kiosks/{name}/feed", "GET"), (f"/v1/kiosks/{name}/batches", "POST")):
            response = await stage.client.request(method, path, content=b"")
            assert response.status_code in (401, 404), (path, response.text)
            assert response.headers["Content-Type"] == "application/problem+json"


async def test_the_name_that_a_kiosk_gives_its_key_is_not_judged(stage: Stage) -> None:
    sender = await stage.enrolled()
    body = sender.batch([sender.ticket()])
    signature = sender.signature("POST", sender.batches_path, body, keyid="my own key")
    response = await stage.client.post(sender.batches_path, content=body, headers=signature)
    assert response.status_code == 200


async def test_a_kiosk_that_believes_it_is_1970_is_heard(stage: Stage) -> None:
    sender = await stage.enrolled()
    body = sender.batch([sender.ticket()])
    signature = sender.signed_at(0, "POST", sender.batches_path, body)
    response = await stage.client.post(sender.batches_path, content=body, headers=signature)
    assert response.status_code == 200
    (evidence,) = await stage.all(select(batches))
    assert "created=0" in evidence.signature_input


async def test_a_gap_is_seen_until_it_is_filled(stage: Stage) -> None:
    sender = await stage.enrolled()
    items = [sender.ticket() for _ in range(6)]
    assert (await stage.deliver(sender, *items[:2])).acked_through == 2
    assert (await stage.deliver(sender, *items[3:])).acked_through == 2
    assert (await stage.client.get("/readyz")).json()["conditions"]["chain_gaps"] == 1
    assert (await stage.deliver(sender, items[2])).acked_through == 6
    assert (await stage.client.get("/readyz")).json()["conditions"]["chain_gaps"] == 0


async def test_a_broken_link_is_named(stage: Stage) -> None:
    sender = await stage.enrolled()
    first, second, third = (sender.ticket() for _ in range(3))
    forged: Item = sender.rehashed(second, prev_hash="f" * 64)
    assert [result for result, _ in await stage.results(sender, first, forged, third)] == ["applied"] * 3
    rows = await stage.all(select(findings).order_by(findings.c.seq))
    assert [(row.code, row.seq, row.item) for row in rows] == [
        ("broken-link", 2, forged.id),
        ("broken-link", 3, third.id),
    ]
    assert any("findings" in one for one in (await stage.client.get("/readyz")).json()["warnings"])


async def test_device_health_is_the_latest_report(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, health={"printer": "ready"})
    await stage.deliver(sender, sender.ticket(), health={"printer": "out_of_paper"})
    await stage.deliver(sender, sender.ticket())
    assert [msgspec.json.decode(row.report) for row in await stage.all(select(health))] == [{"printer": "out_of_paper"}]
    assert (await stage.all(select(func.count()).select_from(inbox)))[0][0] == 2


async def test_the_kiosks_epochs_are_chains_of_their_own(stage: Stage) -> None:
    sender = await stage.enrolled()
    await stage.deliver(sender, *(sender.ticket() for _ in range(3)))
    salvaged = Sender(sender.kiosk, sender.url, sender.key, sender.sealing, central_keys=sender.central_keys)
    assert (await stage.deliver(salvaged, salvaged.audit("store-opened"))).acked_through == 1
    assert await stage.all(select(findings)) == []


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
async def test_a_database_that_restarts_costs_a_retry_and_no_item(stage: Stage) -> None:
    sender = await stage.enrolled()
    items = [sender.ticket() for _ in range(5)]
    statuses = []
    for item in items:
        async with stage.engine.begin() as connection:
            await connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            )
        while (response := await stage.post(sender, sender.batch([item]))).status_code != 200:
            statuses.append(response.status_code)
            assert response.headers["Retry-After"]
    assert set(statuses) <= {503}
    assert [row.id for row in await stage.all(select(inbox.c.id).order_by(inbox.c.seq))] == [item.id for item in items]
