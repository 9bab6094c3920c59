"""Kiosks that sign, verify and ask again as a forwarder does, each with a ledger of what it was told is safe."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

import httpx2
import msgspec

from common.protocol.envelope import BatchAnswer, Item
from common.protocol.feed_page import ChainPlace, FeedPage
from common.protocol.message_signature import SignatureRefused, verify_response
from tests.kit.sender import Sender

CALL_WITHIN_S: Final = 15.0
BATCH_ITEMS: Final = 10
BATCHES_A_POLL: Final = 10
SAFE: Final = ("applied", "duplicate")


@dataclass
class LoadingKiosk:
    """A kiosk under load. `told` is what central has signed to have: item id -> hash."""

    sender: Sender
    told: dict[str, str] = field(default_factory=dict)
    sent: list[Item] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    cursor: str = ""
    longest_silence_s: float = 0.0
    _waiting: list[Item] = field(default_factory=list)

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver and listen until `stop`, then until nothing waits."""
        answered_at, batches = time.monotonic(), 0
        async with httpx2.AsyncClient(timeout=CALL_WITHIN_S) as client:
            while not stop.is_set() or self._waiting:
                if not self._waiting:
                    self._waiting = [self.sender.ticket() for _ in range(BATCH_ITEMS)]
                    self.sent += self._waiting
                is_answered = await self._deliver(client)
                if is_answered and batches % BATCHES_A_POLL == 0:
                    await self.listen(client)
                batches += is_answered
                now = time.monotonic()
                self.longest_silence_s = max(self.longest_silence_s, now - answered_at)
                answered_at = now if is_answered else answered_at
                await asyncio.sleep(0.05 if is_answered else 0.5)

    async def catch_up(self, client: httpx2.AsyncClient) -> bool:
        """Listen, and send again what central says it lacks; returns whether it lacks nothing."""
        gaps = await self.listen(client)
        if gaps is None:
            return False
        for after in gaps:
            again = [item for item in self.sent if item.seq > after]
            for start in range(0, len(again), BATCH_ITEMS):
                self._waiting = again[start : start + BATCH_ITEMS]
                while self._waiting:
                    await self._deliver(client)
        return not gaps

    async def listen(self, client: httpx2.AsyncClient) -> list[int] | None:
        """Hear the feed to its end; returns after which seqs central lacks items, None where it could not be heard."""
        last = max((item for item in self.sent if item.id in self.told), key=lambda item: item.seq, default=None)
        place = "" if last is None else str(ChainPlace(last.epoch, last.seq, last.hash))
        missing: list[int] = []
        while True:
            query = "&".join(f"{name}={value}" for name, value in (("after", self.cursor), ("acked", place)) if value)
            path = f"/v1/kiosks/{self.sender.kiosk}/feed" + (f"?{query}" if query else "")
            content = await self._ask(client, "GET", path)
            if content is None:
                return None
            page = msgspec.json.decode(content, type=FeedPage)
            for message in page.messages:
                if message.kind == "central-keys":
                    for key in msgspec.json.decode(message.body)["signing"]:
                        self.sender.trust(key["kid"], key["public_key"])
            self.cursor = page.cursor
            missing += [gap.after for gap in page.missing]
            if not page.more:
                return missing

    async def _deliver(self, client: httpx2.AsyncClient) -> bool:
        content = await self._ask(client, "POST", self.sender.batches_path, self.sender.batch(self._waiting))
        if content is None:
            return False
        answer = msgspec.json.decode(content, type=BatchAnswer)
        hashes = {item.id: item.hash for item in self._waiting}
        for result in answer.results:
            if result.result in SAFE:
                self.told[result.id] = hashes[result.id]
            else:
                self.refused.append(f"{result.id}: {result.result} {result.reason}")
        self._waiting = [item for item in self._waiting if item.id not in {one.id for one in answer.results}]
        return True

    async def _ask(self, client: httpx2.AsyncClient, method: str, path: str, body: bytes = b"") -> bytes | None:
        """Ask; returns what central signed, None for everything else."""
        headers = self.sender.signature(method, path, body)
        try:
            response = await client.request(method, self.sender.url + path, content=body, headers=headers)
        except httpx2.HTTPError:
            return None
        if response.status_code != 200:
            return None
        try:
            verify_response(
                200, response.headers, response.content, method=method, url=self.sender.url + path,
                request_headers=headers, keys=self.sender.central_keys,
            )  # fmt: skip
        except SignatureRefused as error:
            self.refused.append(str(error))
            return None
        return response.content
