"""A clerk at a counter: logs in, calls who waits, serves, counts the document, and goes on."""

import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import httpx2

from demo.processes import DemoFailed

COUNTER: Final = 1
ANSWER_WITHIN_S: Final = 20.0
TRY_AGAIN_S: Final = 0.2


class Clerk:
    """One clerk, who presses as the counter's page does: each press with a key that outlives a bad line.

    Args:
        url: the hub's address.
        pin: the clerk's PIN.
        tell: says what happens.
        on_silence: called when the hub doesn't answer, before the same press is sent again.
    """

    def __init__(
        self, url: str, pin: str, tell: Callable[[str], None], *, on_silence: Callable[[], None] = lambda: None
    ) -> None:
        self._client = httpx2.Client(base_url=url, timeout=5.0, trust_env=False)
        self._pin = pin
        self._on_silence = on_silence
        self._tell = tell
        self.presses_each = 1
        """How often each press is sent, as by a finger that presses twice."""
        self.called: list[str] = []
        self.served: list[str] = []

    def come(self) -> None:
        """Log in and open the counter. Raises DemoFailed."""
        answer = self._insisting(
            lambda: self._client.post("/v1/sessions", json={"pin": self._pin, "counter": COUNTER, "take_over": True})
        )
        if answer.status_code != 201:
            raise DemoFailed(f"the clerk cannot log in: {answer.text[:300]}")
        self.press("open")

    def serve_all(self) -> None:
        """Call, receive and finish the people who wait, until nobody does. Raises DemoFailed."""
        while (said := self.press("next"))["counter"]["ticket"] is not None:
            ticket = said["counter"]["ticket"]
            self._tell(f"counter {COUNTER} calls {ticket['number']}")
            self.called.append(ticket["number"])
            came = self.press("came", ticket=ticket["id"], version=said["counter"]["version"])
            self.press("done", ticket=ticket["id"], version=came["counter"]["version"])
            self.served.append(ticket["number"])

    def stop_service(self, service: str, reason: str) -> None:
        """Say that a service stands still, as the page's button does. Raises DemoFailed."""
        self._say(service, {"state": "interrupted", "reason": reason})
        self._tell(f"counter {COUNTER} says that {service} stands still: {reason}")

    def resume_service(self, service: str) -> None:
        """Say that it works again. Raises DemoFailed."""
        self._say(service, {"state": "working"})
        self._tell(f"counter {COUNTER} says that {service} works again")

    def _say(self, service: str, body: dict[str, str]) -> None:
        answer = self._insisting(lambda: self._client.put(f"/v1/services/{service}", json=body))
        if answer.status_code != 200:
            raise DemoFailed(f"{service} at counter {COUNTER}: {answer.text[:300]}")

    def go(self) -> None:
        """Close the counter and leave. Raises DemoFailed."""
        self.press("close")
        self._client.close()

    def press(self, kind: str, **more: Any) -> dict[str, Any]:
        """Press once, however often it has to be sent. Raises DemoFailed."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        body = {"press": kind, **more}
        path = f"/v1/counters/{COUNTER}/presses"
        answers = [
            self._insisting(lambda: self._client.post(path, json=body, headers=headers))
            for _ in range(self.presses_each)
        ]
        if len({answer.content for answer in answers}) > 1:
            raise DemoFailed(f"one press at counter {COUNTER} was answered in two ways")
        if answers[0].status_code != 200:
            raise DemoFailed(f"{kind} at counter {COUNTER}: {answers[0].text[:300]}")
        said: dict[str, Any] = answers[0].json()
        return said

    def _insisting(self, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        """Send until something final comes back, as the page does. Raises DemoFailed."""
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while True:
            try:
                answer = send()
                if answer.status_code < 500:
                    return answer
                reason = f"status {answer.status_code}"
            except httpx2.TransportError as error:
                reason = type(error).__name__
            if time.monotonic() > deadline:
                raise DemoFailed(f"the hub did not answer counter {COUNTER} in time: {reason}")
            self._on_silence()
            time.sleep(TRY_AGAIN_S)
