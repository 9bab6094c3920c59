"""The net of a town: who hears whom, how late, and what is lost on the way there or back."""

import asyncio
import contextvars
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

import httpx2

from central.payments.ports import calling
from central.payments.ports.errors import AnswerLost, NotReached
from tests.town.loop import wait_for

HERE: contextvars.ContextVar[str] = contextvars.ContextVar("here")
"""The machine on which what runs now runs."""

type App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return a header's value."""
        return next((value for key, value in self.headers if key == name.lower()), None)


class Unheard(Exception):
    """No answer: nobody is there, the line is cut, or the answer was lost. `late`: only after the asker's patience."""

    def __init__(self, why: str, *, late: bool = False) -> None:
        super().__init__(why)
        self.late = late


@dataclass
class Host:
    """What listens at an address; `calls` are under way, and end with its process."""

    machine: str
    app: App
    calls: dict[asyncio.Task[Any], None] = field(default_factory=dict)  # in their order, which a set has not


@dataclass
class Quality:
    """How bad the net of this run is."""

    delay_s: float = 0.005
    loss: float = 0.0
    lost_answers: float = 0.0
    repeats: float = 0.0
    late: float = 0.0


class Net:
    """Connects what listens with who asks."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self.quality = Quality()
        self.hosts: dict[str, Host] = {}
        self.cut: Counter[tuple[str, str]] = Counter()  # from whom to whom nothing gets through, and how often cut
        self.faults: Counter[str] = Counter()

    def listen(self, address: str, machine: str, app: App) -> None:
        """Have a machine's process listen at an address."""
        self.hosts[urlsplit(address).netloc] = Host(machine, app)

    def fall_silent(self, address: str) -> None:
        """Have nobody listen there any more: what was asked is not answered."""
        host = self.hosts.pop(urlsplit(address).netloc, None)
        for call in [] if host is None else list(host.calls):
            call.cancel()

    def divide(self, one: str, other: str, *, both_ways: bool) -> list[tuple[str, str]]:
        """Cut a line, in one direction or both; return what `mend` takes."""
        ways = [(one, other), (other, one)] if both_ways else [(one, other)]
        self.cut.update(ways)
        return ways

    def mend(self, ways: list[tuple[str, str]]) -> None:
        """Mend a line that was cut as often."""
        self.cut.subtract(ways)
        self.cut += Counter()

    def are_connected(self, one: str, other: str) -> bool:
        """Whether something gets through both ways."""
        return not self.cut[one, other] and not self.cut[other, one]

    async def ask(
        self, method: str, url: str, headers: dict[str, str], body: bytes = b"", *, patience_s: float = 10.0
    ) -> Answer:
        """Ask what listens at an address. Raises Unheard."""
        asker, dice, quality = HERE.get(), self._chance.random(), self.quality
        host = self.hosts.get(urlsplit(url).netloc)
        machine = "nobody" if host is None else host.machine
        if host is None or self.cut[asker, machine] or dice < quality.loss:
            is_lost = host is not None
            await asyncio.sleep(patience_s if is_lost else quality.delay_s)
            raise Unheard("nobody answers", late=is_lost)
        await asyncio.sleep(quality.delay_s)
        if self.hosts.get(urlsplit(url).netloc) is not host:  # its process has ended meanwhile
            raise Unheard("nobody answers")
        if quality.repeats and self._chance.random() < quality.repeats:
            self.faults["repeated"] += 1
            await self._answered(host, method, url, headers, body)
        answer = await self._answered(host, method, url, headers, body)
        if not answer.status:
            raise Unheard("the connection ended without a word", late=True)
        back_s = quality.delay_s
        if quality.late and self._chance.random() < quality.late:
            self.faults["late"] += 1
            back_s = self._chance.uniform(0.5, patience_s * 1.2)
        is_lost = bool(quality.lost_answers) and self._chance.random() < quality.lost_answers
        if is_lost or self.cut[machine, asker] or back_s > patience_s:
            self.faults["answers-lost"] += 1
            await asyncio.sleep(patience_s)
            raise Unheard("the answer did not come", late=True)
        await asyncio.sleep(back_s)
        return answer

    async def _answered(self, host: Host, method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        call = asyncio.get_running_loop().create_task(_asked(host, method, url, headers, body), context=_on(host))
        host.calls[call] = None
        call.add_done_callback(host.calls.pop)
        await asyncio.wait([call])
        if call.cancelled():
            raise Unheard("the connection broke", late=True)
        return call.result()

    async def stream(self, url: str, headers: dict[str, str]) -> AsyncIterator[bytes]:
        """Follow what a host sends for as long as it does; raises Unheard where it refuses or nobody is there."""
        asker = HERE.get()
        host = self.hosts.get(urlsplit(url).netloc)
        if host is None or not self.are_connected(asker, host.machine):
            await asyncio.sleep(1.0)
            raise Unheard("nobody answers")
        chunks: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        gone = asyncio.Event()

        async def serve() -> None:
            try:
                await host.app(_scope("GET", url, headers), _receiver(b"", gone), chunks.put)
            finally:
                chunks.put_nowait(None)

        call = asyncio.get_running_loop().create_task(serve(), context=_on(host))
        host.calls[call] = None
        call.add_done_callback(host.calls.pop)
        call.add_done_callback(lambda one: one.cancelled() or one.exception())
        try:
            while (message := await chunks.get()) is not None:
                if message["type"] == "http.response.start" and message["status"] != 200:
                    raise Unheard(f"status {message['status']}")
                if message.get("body") and self.are_connected(asker, host.machine):
                    yield message["body"]
        finally:
            gone.set()
            call.cancel()


def _on(host: Host) -> contextvars.Context:
    return on_machine(host.machine)


def on_machine(name: str) -> contextvars.Context:
    """Return the context of what runs on a machine."""
    context = contextvars.copy_context()
    context.run(HERE.set, name)
    return context


def _scope(method: str, url: str, headers: dict[str, str]) -> dict[str, Any]:
    parts = urlsplit(url)
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [(b"host", parts.netloc.encode()), *raw],
        "client": ("127.0.0.1", 40000),
        "server": (parts.hostname, parts.port),
        "state": {},
        "extensions": {},
    }


def _receiver(body: bytes, gone: asyncio.Event | None = None) -> Callable[[], Awaitable[dict[str, Any]]]:
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if left:
            return left.pop()
        if gone is not None:
            await gone.wait()
        else:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return receive


async def _asked(host: Host, method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
    status, said, parts = 0, list[tuple[str, str]](), list[bytes]()

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, said
        if message["type"] == "http.response.start":
            status = message["status"]
            said = [(name.decode().lower(), value.decode("latin-1")) for name, value in message.get("headers", [])]
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    length = {"content-length": str(len(body))} if body else {}
    named = {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}
    await host.app(_scope(method, url, named | length), _receiver(body), send)
    return Answer(status, said, b"".join(parts))


class _Whole(httpx2.SyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body


@contextmanager
def in_place_of_sockets(net: Net) -> Iterator[None]:
    """Have every HTTP client of this process ask by this net within the block."""

    def handle(_self: Any, request: httpx2.Request) -> httpx2.Response:
        body, patience = request.read(), request.extensions.get("timeout", {}).get("read") or 10.0
        headers = {name: value for name, value in request.headers.items() if name != "connection"}
        try:
            found = wait_for(net.ask(request.method, str(request.url), headers, body, patience_s=patience))
        except Unheard as error:
            kind = httpx2.ReadTimeout if error.late else httpx2.ConnectError
            raise kind(str(error), request=request) from error
        return httpx2.Response(found.status, headers=found.headers, stream=_Whole(found.body))

    def nothing(*_: Any, **__: Any) -> None:
        """Open and close no socket."""

    def call(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> calling.Answer:
        kind = {} if body is None else {"Content-Type": "application/json"}
        try:
            found = wait_for(net.ask(method, url, headers | kind, body or b"", patience_s=calling.WITHIN_S))
        except Unheard as error:
            raise (AnswerLost if error.late else NotReached)(str(error)) from error
        return calling.Answer(found.status, found.body)

    with (
        patch.object(calling, "_call", call),
        patch.object(httpx2.HTTPTransport, "__init__", nothing),
        patch.object(httpx2.HTTPTransport, "__enter__", lambda self: self),
        patch.object(httpx2.HTTPTransport, "__exit__", nothing),
        patch.object(httpx2.HTTPTransport, "close", nothing),
        patch.object(httpx2.HTTPTransport, "handle_request", handle),
    ):
        yield
