"""A PC of the hall: a browser with one page, which its power takes along."""

from pathlib import Path

from tests.town.loop import TownLoop
from tests.town.machine import Machine
from tests.town.net import Net
from tests.town.page import Page


class Pc(Machine):
    """A PC; without a page (the manager's) somebody types addresses by hand."""

    def __init__(self, loop: TownLoop, net: Net, folder: Path, name: str, page: Page) -> None:
        super().__init__(loop, net, folder, name, "right")
        self.page = page

    async def _open(self) -> None:
        if type(self.page) is not Page:
            self.run(self.page.run())

    async def _close(self) -> None:
        self.page.goes_off()

    def _take_image(self) -> None:
        self.is_dying = True
