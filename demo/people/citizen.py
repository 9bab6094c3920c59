"""The scripted citizen of the demo: real touches on real widgets, real scans through the serial scanner."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from demo.faults.fault import Step
from demo.people import bill
from demo.people.window import Eyes, Window
from demo.processes import DemoFailed
from kiosk.language import Language

PAPER_WITHIN_S = 20.0
TRIES, PATIENCE_S = 6, 2.0  # of somebody who was refused once
HELD_S = 5.0  # how long a phone is held to the scanner
NOTICED_WITHIN_S = 20.0  # noise is known as such after 5 s, and as over after 5 s of silence
MENDED_WITHIN_S = 20.0  # the battery is asked every 10 s
ASKED_WITHIN_S = 60.0  # "are you still there?" comes after 45 s


@dataclass
class Seen:
    """What the citizen saw and got.

    `texts` are those of each picture, by the picture's name; `face` is the screen that stood instead of the start
    screen, `refusal` the one that answered the touch on the service.
    """

    screens: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    pictures: list[Path] = field(default_factory=list)
    face: str | None = None
    refusal: str | None = None
    number: str | None = None
    trouble: str | None = None
    reprinted: bool = False
    touches_lost: int = 0
    outcome: str | None = None
    outcomes: list[str] = field(default_factory=list)
    receipt: str | None = None


class Citizen:
    """Takes a ticket, then hands in an order.

    Args:
        window: the kiosk's.
        pictures: folder for screenshots.
        tell: says what happens, for anyone who watches.
    """

    def __init__(self, window: Window, pictures: Path, tell: Callable[[str], None]) -> None:
        self._window = window
        self._tell = tell
        self._eyes = Eyes(window, pictures)
        self.seen = Seen(self._eyes.screens, self._eyes.texts, self._eyes.pictures)

    async def find(self, face: str) -> None:
        """Find this screen instead of the start screen. Raises DemoFailed."""
        await self._eyes.wait(face)
        self._eyes.look(face)
        self.seen.face = face
        self._tell(f"instead of the start screen: {face}")

    async def come(self) -> None:
        """Stand before the start screen. Raises DemoFailed."""
        await self._eyes.wait("start", within_s=MENDED_WITHIN_S)
        self._eyes.look("start")

    async def walk(self, steps: Sequence[Step]) -> None:
        """Go a way of their own, looking at each screen that is another one. Raises DemoFailed."""
        last = ""
        for step in steps:
            await self._press_until_answered(step)
            await self._eyes.wait(step.screen)
            if step.screen != last:
                self._eyes.look(step.screen)
            last, shown = step.screen, self._window.shown
            if step.screen == "ticket":
                self._tell(f"number {shown.number}, the paper is in the slot")
            elif step.screen == "result":
                self.seen.outcome = shown.outcome
                self.seen.outcomes.append(shown.outcome)
        self._tell(f"touched {', '.join(step.touch for step in steps)}")

    async def _press_until_answered(self, step: Step) -> None:
        """Press; again where nothing answers: a button that has just come under the finger hears nothing at first."""
        before = self._window.shown
        for _ in range(TRIES):
            await self._eyes.press(step.touch)
            if step.screen == getattr(before, "name", ""):
                return
            with contextlib.suppress(DemoFailed):
                await self._eyes.until(lambda: self._has_left(before), "an answer to the touch", PATIENCE_S)
                return

    async def see(self, text: str, *, stands: bool) -> None:
        """See a text come onto the start screen, or go from it, and take a picture. Raises DemoFailed."""
        await self._eyes.wait("start")
        what = f"“{text}”" if stands else f"the start screen without “{text}”"
        await self._eyes.until(lambda: any(text in one for one in self._eyes.read()) == stands, what)
        self._eyes.look("stopped" if stands else "works-again")
        self._tell(f"the tile says “{text}”" if stands else "the tile is as before")

    async def be_refused(self, service: str, refusal: str) -> None:
        """Touch a service and be told why there is no number. Raises DemoFailed."""
        if not self._eyes.can_press(f"tile:{service}"):  # the start screen has heard of it first, and says it
            self._eyes.look("start")
            self.seen.refusal = "start"
            return
        await self._eyes.press(f"tile:{service}")
        await self._eyes.wait(refusal)
        self._eyes.look(refusal)
        self.seen.refusal = refusal
        self._tell(f"touched {service}: {refusal}, no number")
        await self._eyes.press("done")
        await self._eyes.wait("start")

    async def take_ticket(self, service: str, mend: Callable[[], None] | None) -> None:
        """Touch a service and take the number; where no paper comes, have the printer mended and take the copy.

        Somebody who was refused before tries again for a while: what was mended is not always noticed at once.

        Raises:
            DemoFailed: a screen did not come.
        """
        screen = await self._touch(service)
        for _ in range(TRIES):
            if screen != self.seen.refusal:
                break
            await self._eyes.press("done")
            await self._eyes.wait("start")
            await asyncio.sleep(PATIENCE_S)
            screen = await self._touch(service)
        self._eyes.look(screen)
        self.seen.number = self._window.shown.number
        if screen == "ticket":
            self._tell(f"touched {service}: number {self.seen.number}, the paper is in the slot")
        else:
            self.seen.trouble = self._window.shown.trouble.value
            self._tell(f"touched {service}: number {self.seen.number} on the screen, no paper ({self.seen.trouble})")
            await self._take_copy(mend)
        await self._eyes.press("done")
        await self._eyes.wait("start")

    async def pay_a_bill(self, subscriber: str, payer: str, pay: Callable[[str], None]) -> None:
        """Type the number of a bill, pay by the telephone what is owed, and take the receipt.

        Args:
            subscriber: the number on the paper bill.
            payer: by whom it is paid.
            pay: what the telephone does with the address of the code on the screen.

        Raises:
            DemoFailed: a screen did not come, or something else than a receipt.
        """
        number = self.seen.receipt = await bill.pay(self._eyes, subscriber, payer, pay)
        self._tell(f"paid a bill by the telephone: receipt {number}, the paper is in the slot")
        await self._eyes.press("done")
        await self._eyes.wait("start")

    async def _touch(self, service: str) -> str:
        """Touch a service; again, and counted, where the screen was drawn again under the finger and took nothing."""
        for _ in range(TRIES):
            await self._eyes.press(f"tile:{service}")
            with contextlib.suppress(DemoFailed):
                await self._eyes.until(self._has_left_start, "an answer to the touch", HELD_S)
                break
            self.seen.touches_lost += 1
        answers = ("ticket", "screen_ticket", *([self.seen.refusal] if self.seen.refusal else []))
        return await self._eyes.wait(*answers)

    async def _take_copy(self, mend: Callable[[], None] | None) -> None:
        if mend is None:
            return
        await asyncio.to_thread(mend)
        for _ in range(TRIES):
            try:
                await self._window.press("reprint", PAPER_WITHIN_S)
            except TimeoutError:
                raise DemoFailed("the printer was mended, but the paper was not offered again") from None
            # What was offered may be withdrawn under the finger, when the printer's trouble is noticed only now.
            with contextlib.suppress(DemoFailed):
                await self._eyes.until(self._is_printing, "the copy", HELD_S)
                break
        screen = await self._eyes.wait("ticket", "screen_ticket")
        self._eyes.look("copy")
        self.seen.reprinted = screen == "ticket"
        self._tell(f"the printer was mended: number {self.seen.number} again, marked as a copy")

    def _has_left(self, before: object) -> bool:
        """Whether another screen is there: the same one drawn again with newer figures is no answer to a touch."""
        return getattr(self._window.shown, "name", "") != getattr(before, "name", "")

    def _has_left_start(self) -> bool:
        return bool(self._window.shown.name != "start")

    def _is_printing(self) -> bool:
        return bool(self._window.shown.name in ("printing", "ticket"))

    def can_order(self) -> bool:
        """Return whether the start screen takes orders now."""
        return self._eyes.can_press("order")

    async def notice(self, msgid: str) -> None:
        """Wait until this sentence stands on the start screen, and look at it. Raises DemoFailed."""
        words = Language("ar").text(msgid)
        await self._eyes.until(lambda: words in self._eyes.read(), f"“{words}”")
        self._eyes.look("start")

    async def hand_in(self, codes: Sequence[str], hold: Callable[[str], None], *, hesitates: bool = False) -> None:
        """Choose the order, hold the phone to the scanner and read the answer; the same again for each further code.

        Args:
            codes: what is held to the scanner, one after the other.
            hold: holds one.
            hesitates: whether to wait until the kiosk asks.

        Raises:
            DemoFailed: a screen did not come.
        """
        for code in codes:
            if self._window.shown.name == "start":
                await self._open_orders(hesitates)
            await self._hold(code, hold)
            screen = await self._eyes.wait("result", "hold_code")
            self._eyes.look(screen)
            self.seen.outcome = self._window.shown.outcome if screen == "result" else "unreadable"
            self.seen.outcomes.append(self.seen.outcome)
            self._tell(f"held the phone to the scanner: {self.seen.outcome}")
            if screen == "result":
                await self._eyes.press("done")
                await self._eyes.wait("start")

    async def meet_broken_scanner(self, begin: Callable[[], None], mend: Callable[[], None]) -> None:
        """Stand before the scanner as it fails, see that said, and have it mended. Raises DemoFailed."""
        await self._eyes.press("order")
        await self._eyes.wait("hold_code")
        await asyncio.to_thread(begin)
        await self._until_reader(works=False)
        self._eyes.look("hold_code")
        self._tell("the scanner is out of order, and the screen says so; it is mended")
        await asyncio.to_thread(mend)
        await self._until_reader(works=True)

    async def _until_reader(self, *, works: bool) -> None:
        """Wait until the screen says by itself that codes can be read, or cannot."""
        await self._eyes.until(
            lambda: self._window.shown.name == "hold_code" and self._window.shown.scanner.is_offered is works,
            f"a scanner that {'works' if works else 'fails'}",
            NOTICED_WITHIN_S,
        )

    async def _open_orders(self, hesitates: bool) -> None:
        await self._eyes.press("order")
        await self._eyes.wait("hold_code")
        self._eyes.look("hold_code")
        if hesitates:
            await self._eyes.wait("still_there", within_s=ASKED_WITHIN_S)
            self._eyes.look("still_there")
            await self._eyes.press("more_time")
            await self._eyes.wait("hold_code")

    async def _hold(self, code: str, hold: Callable[[str], None]) -> None:
        """Hold a code to the scanner, again where nothing happens: one that was read a moment ago counts once."""
        failed = self._window.shown.failures
        for _ in range(TRIES):
            await asyncio.to_thread(hold, code)
            with contextlib.suppress(DemoFailed):
                await self._eyes.until(partial(self._is_answered, failed), "an answer to the code", HELD_S)
                return
        raise DemoFailed(f"no answer to the code; the screen is {self._window.shown.name}")

    def _is_answered(self, failed: int) -> bool:
        """Return whether there is a result, or one more code that could not be read."""
        shown = self._window.shown
        return bool(shown.name == "result" or (shown.name == "hold_code" and shown.failures > failed))
