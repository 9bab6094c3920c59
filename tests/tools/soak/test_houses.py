"""A wallet or biller that is lost keeps its books, ends no answer, and does nothing afterwards that it had not done."""

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from demo.payments.biller import Biller
from tools.soak.payments.houses import House

KEY = "0f0f0f0f-0000-4000-8000-000000000001"


def mark(house: House, biller: Biller) -> tuple[int, Any]:
    """Enter a debt as central does. Raises HTTPException or OSError where no whole answer comes."""
    line = http.client.HTTPConnection("127.0.0.1", int(house.url.rsplit(":", 1)[1]), timeout=20)
    body = json.dumps({"debt": "D-1", "amount": 500, "currency": "SYP", "payer": "wallet", "payment": KEY})
    line.request("POST", "/v1/marks", body, {"Authorization": f"Bearer {biller.token}", "Idempotency-Key": KEY})
    answer = line.getresponse()
    return answer.status, json.loads(answer.read())


def kinds(biller: Biller) -> list[str]:
    return [one["kind"] for one in biller.changes]


def test_what_was_asked_and_not_done_is_never_done() -> None:
    biller, asked, goes_on = Biller(), threading.Event(), threading.Event()
    biller.owe("1234567", "D-1", 500)

    def held(_: str) -> None:
        asked.set()
        assert goes_on.wait(20)

    with House(biller) as house, ThreadPoolExecutor() as pool:
        biller.lies = held
        waiting = pool.submit(mark, house, biller)
        assert asked.wait(20)
        before = set(threading.enumerate())
        house.kill(0.0)
        with pytest.raises((http.client.HTTPException, OSError)):
            waiting.result(20)
        assert not house.is_up
        house.start()
        goes_on.set()
        for thread in before - {threading.current_thread()}:
            if "process_request_thread" in thread.name:
                thread.join(20)
        assert kinds(biller) == ["new"]
        biller.lies = lambda _: None
        assert mark(house, biller)[0] == 201


def test_an_answer_that_was_begun_is_broken_off_and_the_books_are_kept() -> None:
    biller = Biller()
    biller.owe("1234567", "D-1", 500)
    with House(biller) as house, ThreadPoolExecutor() as pool:
        dying = pool.submit(house.kill, 20.0)
        broken: Exception | None = None
        while broken is None:  # one that was answered before it began to die is whole
            try:
                mark(house, biller)
            except (http.client.HTTPException, OSError) as error:
                broken = error
        dying.result(20)
        assert isinstance(broken, http.client.IncompleteRead)
        assert (house.halved, kinds(biller)) == (1, ["new", "marked"])
        house.start()
        assert mark(house, biller)[0] == 200, "known under its key"
        assert kinds(biller) == ["new", "marked"]
