"""Questions that are answered without a network: what forwarder and central do to their rows, as a test says."""

import base64
import threading
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import select, update

from central.keys.keys import SEAL_SUITE
from common.protocol.inquiry import answer_info, inquiry_info
from offline_store.disk import tables
from offline_store.disk.database import Store
from tests.kit.store import CENTRAL_PRIVATE_KEY

Answer = dict[str, Any]
SEATS = {"seats": [
    {"at": "2026-11-26T10:00:00+03:00", "minutes": 15, "left": 1},
    {"at": "2026-11-26T10:15:00+03:00", "minutes": 15, "left": 0},
    {"at": "2026-11-26T11:30:00+03:00", "minutes": 15, "left": 2},
    {"at": "2026-11-29T09:00:00+03:00", "minutes": 15, "left": 2},
]}  # fmt: skip
MADE = {"claim": "ab" * 16, "at": "2026-11-26T11:30:00+03:00", "code": "SY1:CODE", "digits": "12345674"}


class AnsweringRows:
    """Answers the rows of one store in a thread, each kind by its state, its answer and what of it is personal."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.answers: dict[str, tuple[str, Answer, Answer]] = {
            "seats": ("answered", SEATS, {}),
            "claim": ("answered", {"claim": MADE["claim"], "at": MADE["at"]}, MADE),
            "claim-cancel": ("answered", {"claim": MADE["claim"], "state": "cancelled"}, {}),
        }
        self.asked: list[tuple[str, Answer]] = []
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        inquiry = tables.inquiries.c
        while not self._stop.wait(0.01):
            with self._store.read() as connection:
                rows = connection.execute(select(tables.inquiries).where(inquiry.state == "asked")).all()
            for row in rows:
                body = msgspec.json.decode(row.body)
                if "sealed" in body:
                    info = inquiry_info(self._store.identity.kiosk, row.id)
                    text = SEAL_SUITE.decrypt(_bytes(body.pop("sealed")["data"]), CENTRAL_PRIVATE_KEY, info)
                    body |= msgspec.json.decode(text)
                self.asked.append((row.kind, body))
                state, answer, personal = self.answers[row.kind]
                if personal and state == "answered":
                    to = X25519PublicKey.from_public_bytes(_bytes(row.reply_key))
                    data = SEAL_SUITE.encrypt(
                        msgspec.json.encode(personal), to, info=answer_info(self._store.identity.kiosk, row.id)
                    )
                    answer = answer | {"sealed": _text(data)}
                values = {"state": state, "answer": msgspec.json.encode(answer).decode()}
                with self._store.write() as connection:
                    connection.execute(update(tables.inquiries).where(inquiry.id == row.id).values(values))


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
