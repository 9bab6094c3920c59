"""What the forwarder does, without a network: answers the rows of questions, each by what a test says."""

import base64
import threading
from collections.abc import Mapping
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import Row, select, update

from central.keys.keys import SEAL_SUITE
from common.protocol.inquiry import answer_info, inquiry_info
from offline_store.disk import tables
from offline_store.disk.database import Store
from tests.kit.store import CENTRAL_PRIVATE_KEY

Answer = dict[str, Any]
Said = tuple[str, Answer, Answer]
"""The state of the question, what is said in clear, and what is sealed to who asked."""


class AnsweringRows:
    """Answers each kind by `answers`. Of a kind in `steps` each look takes the next one, a `pending` one too."""

    def __init__(self, store: Store, answers: Mapping[str, Said]) -> None:
        self._store = store
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.answers: dict[str, Said] = dict(answers)
        self.steps: dict[str, list[Said]] = {}
        self.asked: list[tuple[str, Answer]] = []
        self.said: list[str] = []  # of payments, each state
        self._heard: set[str] = set()
        self._thread.start()

    def is_its_thread(self) -> bool:
        """Whether who calls is not the kiosk, but who answers it."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        inquiry = tables.inquiries.c
        while not self._stop.wait(0.01):
            with self._store.read() as connection:
                rows = connection.execute(select(tables.inquiries).where(inquiry.state == "asked")).all()
            for row in rows:
                self._hear(row)
                said = self._next(row.kind) if self._is_heard(row) else None
                if said is not None:
                    self._say(row, *said)

    def _hear(self, row: Row[Any]) -> None:
        if row.id in self._heard:
            return
        self._heard.add(row.id)
        body = msgspec.json.decode(row.body)
        if "sealed" in body:
            info = inquiry_info(self._store.identity.kiosk, row.id)
            text = SEAL_SUITE.decrypt(base64.b64decode(body.pop("sealed")["data"]), CENTRAL_PRIVATE_KEY, info)
            body |= msgspec.json.decode(text)
        self.asked.append((row.kind, body))

    def _is_heard(self, row: Row[Any]) -> bool:
        """Whether who asked has taken what was said before: a real one is not told so fast that states are skipped."""
        if not row.revision or row.kind != "payment":
            return True
        said = msgspec.json.decode(row.answer, type=dict[str, Any]).get("state")
        with self._store.read() as connection:
            noted = connection.scalar(select(tables.payments.c.state).where(tables.payments.c.inquiry == row.id))
        return noted == said

    def _next(self, kind: str) -> Said | None:
        if kind in self.steps:
            return self.steps[kind].pop(0) if self.steps[kind] else None
        return self.answers[kind]

    def _say(self, row: Row[Any], state: str, answer: Answer, personal: Answer) -> None:
        if personal and state in ("answered", "pending"):
            to = X25519PublicKey.from_public_bytes(base64.b64decode(row.reply_key))
            data = SEAL_SUITE.encrypt(
                msgspec.json.encode(personal), to, info=answer_info(self._store.identity.kiosk, row.id)
            )
            answer = answer | {"sealed": base64.b64encode(data).decode()}
        self.said += [answer["state"]] if row.kind == "payment" and "state" in answer else []
        values: Answer = {"state": state, "answer": msgspec.json.encode(answer).decode()}
        if state == "pending":
            values |= {"state": "asked", "revision": row.revision + 1}
        with self._store.write() as connection:
            connection.execute(update(tables.inquiries).where(tables.inquiries.c.id == row.id).values(values))
