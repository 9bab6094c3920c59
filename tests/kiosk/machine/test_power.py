import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.machine.power import PowerReading, PowerState, ServiceLevel, UpsWatch, ask_to_stop, reading_of, service_on
from kiosk.settings.sections import UpsSection

SETTINGS = UpsSection(stop_orders_at=40, stop_at=20)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"ups.status": "OL CHRG", "battery.charge": "97", "battery.runtime": "1860"}, ("mains", 97, 1860)),
        ({"ups.status": "OB DISCHRG", "battery.charge": "38.6"}, ("battery", 38, None)),
        ({"ups.status": "OB LB", "battery.charge": "9"}, ("low", 9, None)),
        ({"ups.status": "FSD OL"}, ("low", None, None)),
        # A mains test of the battery: LB without OB is no reason to stop.
        ({"ups.status": "OL LB"}, ("mains", None, None)),
        ({"ups.status": "OB", "battery.charge": "-1", "battery.runtime": "nan"}, ("battery", None, None)),
        ({"ups.status": "OB", "battery.charge": "٩٩٩"}, ("battery", None, None)),
        ({"ups.status": "WAIT"}, ("unknown", None, None)),
        ({}, ("unknown", None, None)),
    ],
)
def test_the_ups_is_understood(variables: dict[str, str], expected: tuple[str, int | None, int | None]) -> None:
    assert reading_of(variables) == PowerReading(PowerState(expected[0]), expected[1], expected[2])


@pytest.mark.parametrize(
    ("reading", "service"),
    [
        (PowerReading(PowerState.NONE), ServiceLevel.FULL),
        (PowerReading(PowerState.UNKNOWN, 3), ServiceLevel.FULL),
        (PowerReading(PowerState.MAINS, 5), ServiceLevel.FULL),
        (PowerReading(PowerState.BATTERY, 41), ServiceLevel.FULL),
        (PowerReading(PowerState.BATTERY, 40), ServiceLevel.NO_ORDERS),
        (PowerReading(PowerState.BATTERY, 21), ServiceLevel.NO_ORDERS),
        (PowerReading(PowerState.BATTERY, 20), ServiceLevel.STOPPING),
        (PowerReading(PowerState.BATTERY, None), ServiceLevel.NO_ORDERS),
        (PowerReading(PowerState.LOW, 90), ServiceLevel.STOPPING),
    ],
)
def test_orders_stop_before_tickets(reading: PowerReading, service: ServiceLevel) -> None:
    assert service_on(reading, SETTINGS) is service


@asynccontextmanager
async def nut_server(variables: Callable[[], dict[str, str]]) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            if line.strip() != b"LIST VAR ups":
                writer.write(b"ERR UNKNOWN-COMMAND\n")
                continue
            rows = "".join(f'VAR ups {name} "{value}"\n' for name, value in variables().items())
            writer.write(f"BEGIN LIST VAR ups\n{rows}END LIST VAR ups\n".encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def _section(port: int) -> UpsSection:
    return UpsSection(port=port, stop_orders_at=40, stop_at=20)


async def test_each_change_is_told_once_and_the_stop_comes_in_time() -> None:
    answers = iter([("OL", "100"), ("OL", "100"), ("OB", "60"), ("OB", "39"), ("OB", "19"), ("OL", "19")])
    heard: list[tuple[str, ServiceLevel]] = []
    turns = 0

    async def changed(reading: PowerReading, service: ServiceLevel) -> None:
        heard.append((reading.state, service))

    async def sleep(seconds: float) -> None:
        nonlocal turns
        turns += 1
        assert seconds == 10.0
        if turns == 6:
            raise asyncio.CancelledError

    def variables() -> dict[str, str]:
        status, charge = next(answers)
        return {"ups.status": status, "battery.charge": charge}

    async with nut_server(variables) as port:
        with pytest.raises(asyncio.CancelledError):
            await UpsWatch(_section(port)).run(changed, sleep)
    assert heard == [
        ("mains", ServiceLevel.FULL),
        ("battery", ServiceLevel.FULL),
        ("battery", ServiceLevel.NO_ORDERS),
        ("battery", ServiceLevel.STOPPING),
        ("mains", ServiceLevel.FULL),
    ]


async def test_a_server_that_goes_keeps_the_last_reading_then_says_unknown() -> None:
    async with nut_server(lambda: {"ups.status": "OB", "battery.charge": "30"}) as port:
        watch = UpsWatch(_section(port))
        assert (await watch.read()).state is PowerState.BATTERY
        watch._client.disconnect()
    states = [(await watch.read()).state for _ in range(3)]
    assert states == [PowerState.BATTERY, PowerState.BATTERY, PowerState.UNKNOWN]
    assert watch.service is ServiceLevel.FULL


@pytest.mark.parametrize("garbage", [b"\xff\xfe\xfd\n", b"", b"VAR\n" * 3, b"x" * 70_000, b"BEGIN LIST VAR ups\n"])
async def test_garbage_is_unknown_and_never_raises(garbage: bytes) -> None:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(garbage)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    watch = UpsWatch(_section(server.sockets[0].getsockname()[1]), timeout_s=0.3)
    for _ in range(3):
        reading = await watch.read()
    assert reading.state is PowerState.UNKNOWN
    server.close()


async def test_without_a_ups_server_nothing_breaks() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        watch = UpsWatch(_section(taken.getsockname()[1]), timeout_s=0.3)
        assert (await watch.read()).state is PowerState.UNKNOWN
        assert watch.service is ServiceLevel.FULL


def test_a_stop_is_asked_for_where_systemd_looks(tmp_path: Path) -> None:
    ask_to_stop(tmp_path)
    unit = Path(__file__).parents[3] / "deploy/systemd/kiosk-poweroff.path"
    assert f"PathExists=/run/kiosk/{next(tmp_path.iterdir()).name}\n" in unit.read_text()
