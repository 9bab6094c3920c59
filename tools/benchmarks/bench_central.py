"""How many items a second central takes in: a real server and a real, durable PostgreSQL on these same cores.

Batches of 100 items are signed beforehand, so that the load costs little; central checks each signature, recomputes
each hash, stores each item under two unique constraints, follows the chain, and signs an answer with a result for each.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx2
import msgspec

from common.protocol.envelope import BatchAnswer, EnrolmentAnswer
from common.protocol.message_signature import verify_response
from tests.kit.postgres import running_postgres
from tests.kit.sender import Sender

# Two processes over one PostgreSQL, as in service: one alone is bound by its one core.
PROCESSES = 2
KIOSKS = 8
BATCHES_A_KIOSK = 200
ITEMS_A_BATCH = 100
AT_LEAST_ITEMS_S = 20_000
CENTRAL = [sys.executable, "-m", "central"]


def rows() -> list[dict[str, str | float]]:
    """Measure once; returns the rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as folder, running_postgres(durable=True) as database, ExitStack() as running:
        data = ["--data", folder, "--database", database]
        subprocess.run([*CENTRAL, "migrate", *data], check=True, stdout=subprocess.DEVNULL)
        urls = [running.enter_context(served(data)) for _ in range(PROCESSES)]
        senders = [enrol(urls[number % PROCESSES], data) for number in range(KIOSKS)]
        requests = [(sender.url, [request_of(sender) for _ in range(BATCHES_A_KIOSK)]) for sender in senders]
        items_s = asyncio.run(load_of(requests))
        _check_one(senders[0])
    return [
        {
            "row": "central ingest on PostgreSQL, 100-item batches",
            "value": round(items_s),
            "unit": "items/s",
            "compared_with": f"{AT_LEAST_ITEMS_S} items/s",
            "ratio": round(items_s / AT_LEAST_ITEMS_S, 2),
        }
    ]


@contextmanager
def served(data: list[str]) -> Iterator[str]:
    """Serve a central in a process of its own; give its address."""
    command = [*CENTRAL, "serve", "--port", "0", "--json", *data]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"]
    finally:
        server.terminate()
        server.wait(timeout=20)


def enrol(url: str, data: list[str]) -> Sender:
    """Enrol a kiosk of the main centre at a central that keeps its things there."""
    command = [
        sys.executable,
        "-c",
        "from central.commands.cli import main; main()",
        "enrolment-code",
        "--centre",
        "homs-main",
    ]
    code = json.loads(subprocess.run([*command, *data], check=True, capture_output=True).stdout)["code"]
    sender = Sender("", url)
    body = msgspec.json.encode({"code": code, "public_key": sender.public_key})
    headers = sender.signature("POST", "/v1/enrolments", body, keyid=sender.public_key)
    response = httpx2.post(f"{url}/v1/enrolments", content=body, headers=headers | {"Content-Type": "application/json"})
    answer = msgspec.json.decode(response.content, type=EnrolmentAnswer)
    sender.learn(answer)
    return sender


def request_of(sender: Sender) -> bytes:
    """A whole signed HTTP request, ready for the socket."""
    body = sender.batch([sender.ticket() for _ in range(ITEMS_A_BATCH)])
    fields = sender.signature("POST", sender.batches_path, body) | {
        "Host": sender.url.removeprefix("http://"),
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }
    head = f"POST {sender.batches_path} HTTP/1.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in fields.items()
    )
    return head.encode() + b"\r\n" + body


async def load_of(requests: list[tuple[str, list[bytes]]]) -> float:
    """Send each kiosk's batches over a connection of its own; returns items a second over all."""

    async def one_kiosk(url: str, batches: list[bytes]) -> int:
        host, port = url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        applied = 0
        for batch in batches:
            writer.write(batch)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            applied += (await reader.readexactly(length)).count(b'"applied"')
        writer.close()
        return applied

    began = time.perf_counter()
    applied = sum(await asyncio.gather(*(one_kiosk(url, batches) for url, batches in requests)))
    elapsed = time.perf_counter() - began
    assert applied == sum(len(batches) for _, batches in requests) * ITEMS_A_BATCH, f"only {applied} were applied"
    return applied / elapsed


def _check_one(sender: Sender) -> None:
    """Prove on one more batch that answers are signed and the chain was followed."""
    body = sender.batch([sender.ticket()])
    headers = sender.signature("POST", sender.batches_path, body)
    response = httpx2.post(sender.url + sender.batches_path, content=body, headers=headers)
    verify_response(
        response.status_code,
        response.headers,
        response.content,
        method="POST",
        url=sender.url + sender.batches_path,
        request_headers=headers,
        keys=sender.central_keys,
    )
    answer = msgspec.json.decode(response.content, type=BatchAnswer)
    assert answer.acked_through == sender.seq


if __name__ == "__main__":
    print(json.dumps(rows()))
