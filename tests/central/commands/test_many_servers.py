"""Several `central serve` over one PostgreSQL, all of them sent one kiosk's backlog at once: each item applied once."""

import asyncio
import json
import random
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx2
import msgspec
import pytest

from common.protocol.envelope import BatchAnswer, Item
from common.protocol.message_signature import verify_response
from tests.central.commands.test_cli import enrol, result, run, served
from tests.kit.sender import Sender

pytestmark = [pytest.mark.proof, pytest.mark.timeout(180)]
SERVERS: Final = 3
SENDERS_EACH: Final = 3
ITEMS: Final = 60


def backlog(sender: Sender) -> list[Item]:
    return [sender.audit() if n % 5 == 4 else sender.ticket() for n in range(ITEMS)]


def cut_up(items: list[Item], chance: random.Random) -> list[list[Item]]:
    """Cut a backlog into batches of any length, some of which begin again before the last one's end."""
    parts, start = [], 0
    while start < len(items):
        end = start + chance.randint(1, 12)
        parts.append(items[max(0, start - chance.randint(0, 4)) : end])
        start = end
    return parts


class Delivery:
    """One kiosk's items on their way to many servers; `told`: what was said of each item, `took`: who applied any."""

    def __init__(self, sender: Sender, client: httpx2.AsyncClient) -> None:
        self.sender, self.client = sender, client
        self.told: dict[str, list[str]] = {}
        self.took: set[str] = set()

    async def hand_over(self, url: str, part: list[Item]) -> None:
        """Post a batch until a server says what became of it, as a kiosk does; the answer's signature is checked."""
        sender, body = self.sender, self.sender.batch(part)
        target = url + sender.batches_path
        while True:
            signer = Sender(sender.kiosk, url, sender.key)
            headers = signer.signature("POST", sender.batches_path, body)
            response = await self.client.post(target, content=body, headers=headers)
            if response.status_code != 503:
                break
        assert response.status_code == 200, response.text
        verify_response(
            200, response.headers, response.content, method="POST", url=target, request_headers=headers,
            keys=sender.central_keys,
        )  # fmt: skip
        answer = msgspec.json.decode(response.content, type=BatchAnswer)
        assert [one.id for one in answer.results] == [one.id for one in part]
        for one in answer.results:
            self.told.setdefault(one.id, []).append(one.result)
            if one.result == "applied":
                self.took.add(url)


async def deliver(sender: Sender, urls: list[str], items: list[Item], *, in_order: bool) -> Delivery:
    """Have each server be sent the whole backlog by several at once."""
    async with httpx2.AsyncClient(timeout=60) as client:
        delivery = Delivery(sender, client)
        begins = asyncio.Event()

        async def send_all(url: str, seed: int) -> None:
            chance = random.Random(seed)
            parts = cut_up(items, chance)
            if not in_order:
                chance.shuffle(parts)
            await begins.wait()
            for part in parts:
                await delivery.hand_over(url, part)

        async with asyncio.TaskGroup() as group:
            for number, url in enumerate(urls * SENDERS_EACH):
                group.create_task(send_all(url, number))
            begins.set()
        return delivery


async def asked(database: str, query: str, *values: object) -> list[Any]:
    connection = await asyncpg.connect(database)
    try:
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


def test_many_servers_that_receive_one_kiosk_at_once_apply_each_item_once_to_one_chain(
    tmp_path: Path, postgres_url: str
) -> None:
    data, where = tmp_path / "central", ("--database", postgres_url)
    assert run(data, "migrate", *where).returncode == 0
    with ExitStack() as alive:
        urls = [alive.enter_context(served(data, *where))[0] for _ in range(SERVERS)]
        assert len(set(urls)) == SERVERS
        took: set[str] = set()
        for in_order in (True, False):
            code = result(data, "enrolment-code", "--centre", "homs-main", *where)["code"]
            sender = enrol(urls[0], code)
            items = backlog(sender)
            delivery = asyncio.run(deliver(sender, urls, items, in_order=in_order))
            assert set(delivery.told) == {item.id for item in items}
            for said in delivery.told.values():
                assert said.count("applied") == 1
                assert set(said) <= {"applied", "duplicate"}
                assert len(said) >= SERVERS * SENDERS_EACH
            took |= delivery.took
            query = "SELECT id, seq, hash FROM inbox WHERE kiosk = $1 ORDER BY seq"
            rows = asyncio.run(asked(postgres_url, query, sender.kiosk))
            assert [(str(row["id"]), row["seq"]) for row in rows] == [(item.id, item.seq) for item in items]
            chains = asyncio.run(asked(postgres_url, "SELECT * FROM chains WHERE kiosk = $1", sender.kiosk))
            assert len(chains) == 1
            assert (chains[0]["head_seq"], chains[0]["head_hash"]) == (ITEMS, items[-1].hash)
        assert len(took) > 1, "it was not one server that took all of it"
        assert run(data, "findings", *where).stdout == ""
    verified = run(data, "verify", *where)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    listed = [json.loads(line)["id"] for line in run(data, "inbox", *where).stdout.splitlines()]
    assert len(listed) == len(set(listed)) == 2 * ITEMS
