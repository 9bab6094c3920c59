"""`kiosk run` with hands on it: the same window and the same kiosk in a process of its own, touched from within.

`python -m tests.end_to_end.touched SETTINGS [SEED]`. Prints a JSON object a line: each screen as it is drawn
(`shown`, with the number that stands on it), each order whose result stands there (`order`), and with SEED, when
citizens come by themselves, what they do to the devices (`act`, see `tools.soak.devices`). Reads a JSON array a line:
`["touch", BUTTON]`, and `["rest"]` to have the citizens go, which is answered with `rest`. Ends with its input.
"""

import asyncio
import base64
import contextlib
import json
import os
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

os.environ["SDL_VIDEODRIVER"] = "offscreen"

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import logs
from kiosk.app import run_window, serve_on
from kiosk.prompts.order import OrderResult
from kiosk.settings.settings import Settings
from tests.kit.desk import App
from tools.soak.citizens import Citizens

RECORDED = {"accepted", "accepted_unpaid", "repeated"}
NEW_ORDERS = 0.7  # the share of codes that nobody has held to this kiosk before
# The app's key is the same in every process: what is signed with it is known at once, whatever was killed.
APP = App(Ed25519PrivateKey.from_private_bytes(b"the app of a town that is killed"), bytes((0x0C, 0x01)))


def app_key() -> dict[str, object]:
    """Return the message for the feed that makes the app known."""
    public = base64.b64encode(APP.key.public_key().public_bytes_raw()).decode()
    until = int((datetime.now(UTC) + timedelta(days=400)).timestamp())
    return {"kid": APP.kid.hex(), "public_key": public, "alg": -19, "valid_from": 0, "valid_until": until}


def say(**words: object) -> None:
    """Say it at once: this process may be killed at any moment."""
    print(json.dumps(words), flush=True)


class Orders:
    """The orders that citizens have made in the app; each number is one order."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._made: list[str] = []

    def code(self) -> str:
        """Return the code of a new order, or of one that was here before."""
        if self._made and self._chance.random() > NEW_ORDERS:
            return self._chance.choice(self._made)
        order, now = uuid.uuid4(), datetime.now(UTC)
        number = f"{order.int % 10**10:010}"
        code = APP.code(
            order_id=order.bytes,
            number=number,
            paid=self._chance.random() < 0.7,
            issued=now - timedelta(hours=1),
            expires=now + timedelta(days=30),
        )
        say(made=number, id=order.hex)
        self._made.append(code)
        return code


class Told:
    """Devices that are in another process: what is to be done to them is said."""

    def act(self, name: str, value: Any = None) -> None:
        """Say it."""
        say(act=[name, value])


async def look(ui: Any) -> None:
    """Say what stands on the panel as soon as it has been drawn."""
    last = None
    while True:
        await ui.panel.next_flip()
        shown = ui.shown
        if shown is None or shown is last or not ui.is_drawn:
            continue
        last = shown
        number = getattr(shown, "number", None) or getattr(shown, "ticket_number", None)
        say(shown=shown.name, number=number, trouble=str(getattr(shown, "trouble", None) or ""))
        if isinstance(shown, OrderResult) and shown.outcome in RECORDED:
            say(order=shown.of.order_number, outcome=shown.outcome)


async def come(citizens: Citizens, gone: asyncio.Event) -> None:
    """Have one citizen come after the other."""
    while not gone.is_set():
        await citizens.visit(1)
    await citizens.rest()
    say(rest=citizens.visits)


async def obey(ui: Any, gone: asyncio.Event) -> None:
    """Do what is asked, until nobody asks any more."""
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        match json.loads(line):
            case ["touch", name]:
                await ui.press(name, 60)
                say(touched=name)
            case ["rest"]:
                gone.set()


async def serve_touched(ui: Any, settings: Settings, seed: int | None) -> None:
    """Serve, look, touch."""
    gone = asyncio.Event()
    tasks = {asyncio.create_task(serve_on(ui, settings)), asyncio.create_task(look(ui))}
    if seed is not None:
        devices: Any = Told()
        tasks.add(asyncio.create_task(come(Citizens(ui, devices, Orders(Random(seed)).code, seed), gone)))
    obeying = asyncio.create_task(obey(ui, gone))
    try:
        while not obeying.done():
            done, _ = await asyncio.wait({*tasks, obeying}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            tasks -= done
    finally:
        for task in {*tasks, obeying}:
            task.cancel()
        await asyncio.gather(*tasks, obeying, return_exceptions=True)


def main() -> None:
    """Run until the input ends."""
    settings, seed = Settings(Path(sys.argv[1])), int(sys.argv[2]) if len(sys.argv) > 2 else None
    logs.configure("run", settings.config.data_dir / "logs")
    with contextlib.suppress(BrokenPipeError):
        run_window(settings, lambda ui: serve_touched(ui, settings, seed), fullscreen=False)


if __name__ == "__main__":
    main()
