"""One technician's visit: in by PIN, from place to place, and out, by themselves or after three idle minutes."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

import structlog

from common.machine.errors import StoreError
from common.protocol.envelope import AuditBody
from kiosk.flows.ended import WentBack
from kiosk.machine.sticks import sticks_taken
from kiosk.maintenance import pin
from kiosk.maintenance.pin import Technician
from kiosk.maintenance.prompts import Checking, EnterPin, LockedOut, Panel
from kiosk.maintenance.tools import Tools
from kiosk.prompts.ui import Back, Control, Display, Home, Look, Notice, Prompt, SwitchLanguage, Text
from offline_store.chain.chain import append, read_head

IDLE_S = 180.0
_log = structlog.get_logger()

type Place = Callable[["Session"], Awaitable[None]]


class SessionEnded(Exception):
    """The technician's visit is over; `why` is `exit`, `idle` or `restart`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Session:
    """What the flows of one technician's visit talk to.

    Args:
        display: what draws.
        tools: what they work with.
        look: what the citizens' screens looked like: of that, only the language is kept.
        idle_s: seconds without a touch until the visit ends.
    """

    def __init__(self, display: Display, tools: Tools, look: Look, idle_s: float = IDLE_S) -> None:
        self.tools = tools
        self.look = Look(language=look.language)
        self.who = Technician("", "", "technician")
        self._display = display
        self._idle_s = idle_s
        self._touched()
        display.on_touch = self._touched

    async def ask[A](self, prompt: Prompt[A], *, within_s: float | None = None) -> A:
        """Show the prompt and return its answer.

        Args:
            prompt: what to show.
            within_s: return by TimeoutError after so long, to show something newer. Nobody's touch is waited for
                longer than the idle time all the same.

        Raises:
            WentBack: Back was touched.
            SessionEnded: Home was touched, or nobody touched anything for the idle time.
            TimeoutError: `within_s` has passed.
        """
        until = None if within_s is None else asyncio.get_running_loop().time() + within_s
        while True:
            answer = await self._ask_in_time(prompt, until)
            self._touched()
            match answer:
                case Back():
                    raise WentBack
                case Home():
                    raise SessionEnded("exit")
                case SwitchLanguage(language):
                    self.look = Look(language=language)
                    self._display.set_look(self.look)
                case str() | tuple():
                    return cast("A", answer)
                case _:
                    continue  # the citizens' other controls mean nothing here

    async def _ask_in_time[A](self, prompt: Prompt[A], until: float | None) -> A | Control:
        """Ask once, until the idle time since the last touch is over; touches meanwhile push that on."""
        loop = asyncio.get_running_loop()
        waiting = asyncio.ensure_future(self._display.ask(prompt))
        try:
            while True:
                idle_at = self._last_touch + self._idle_s
                deadline = idle_at if until is None else min(idle_at, until)
                await asyncio.wait({waiting}, timeout=max(0.0, deadline - loop.time()))
                await asyncio.sleep(0)  # a touch in the very turn in which the time ends is still on its way here
                if waiting.done():
                    return waiting.result()
                if until is not None and loop.time() >= until:
                    raise TimeoutError
                if loop.time() >= self._last_touch + self._idle_s:
                    raise SessionEnded("idle")
        finally:
            if not waiting.done():
                waiting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await waiting

    def _touched(self) -> None:
        self._last_touch = asyncio.get_running_loop().time()

    def show(self, notice: Notice) -> None:
        """Show the notice and return at once."""
        self._display.show(notice)

    async def work[T](self, what: str, act: Callable[[], T]) -> T:
        """Say that something takes a moment, do it in a worker thread, and return what it gave."""
        self.show(Checking(Text(what)))
        return await asyncio.to_thread(act)

    async def tell(self, panel: str, title: str, body: str, **values: str | int) -> None:
        """Show one sentence until it is touched away."""
        try:
            await self.ask(Panel(panel, Text(title), note=Text(body, values)))
        except WentBack:
            return

    async def record(self, event: str, **detail: str | int | None) -> None:
        """Put what the technician did into the audit chain, on disk when this returns.

        Raises:
            StoreUnavailable: it can't be recorded; then it must not be done.
        """
        body = AuditBody(event, {"technician": self.who.id, **detail})

        def write() -> None:
            with self.tools.store.write() as connection:
                append(connection, read_head(connection), "audit", body, self.tools.clock.now())

        await asyncio.to_thread(write)


async def maintain(display: Display, tools: Tools, look: Look, overview: Place, idle_s: float = IDLE_S) -> str:
    """Run one technician's visit; return why it ended: `refused`, `exit`, `idle`, `restart` or `fault`.

    The caller shows the start screen again, also after an exception, which is a fault of ours.
    """
    session = Session(display, tools, look, idle_s)
    display.set_look(session.look)
    why = "refused"
    try:
        if await _enter(session):
            why = "exit"
            with sticks_taken(tools.runtime_dir):
                await overview(session)
    except WentBack:
        pass  # out of the overview
    except SessionEnded as ended:
        why = ended.why
    except BaseException:
        why = "fault"
        raise
    finally:
        display.on_touch = None
        display.forget()
        await _record_leaving(session, why)
    return why


async def _record_leaving(session: Session, why: str) -> None:
    if not session.who.id:
        return
    try:
        await asyncio.to_thread(pin.left, session.tools.store, session.who, session.tools.clock.now(), why)
    except StoreError as error:
        _log.error("audit-failed", event_missed="technician-left", problem=str(error)[:200])


async def _enter(session: Session) -> bool:
    """Ask for the PIN until it is right, the lock falls, or the technician goes."""
    tools, wrong, left = session.tools, False, None
    try:
        while True:
            locked_s = await asyncio.to_thread(pin.locked_for_s, tools.store, tools.clock.now())
            if locked_s:
                await session.ask(LockedOut(-(-locked_s // 60)))
                return False
            typed = await session.ask(EnterPin(wrong, left))
            answer = await session.work(
                "maintenance.pin.checking",
                partial(pin.enter, tools.store, typed, tools.clock.now(), tools.first_pin_hash),
            )
            if isinstance(answer, Technician):
                session.who = answer
                return True
            wrong, left = True, answer.left
    except WentBack:
        return False
    except StoreError as error:
        # An attempt that can't be recorded could be repeated for ever: nobody comes in, and the screen says why.
        _log.error("pin-not-judged", problem=str(error)[:200])
        await session.tell("store", "maintenance.pin.title", "maintenance.pin.store_closed")
        return False
