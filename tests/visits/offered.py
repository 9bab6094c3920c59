"""What a prompt really offers: the answers of the buttons that its screen draws, with no window and nothing drawn.

A script that answers what no button of a screen answers shows a way that no citizen can go.
"""

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.language import Language
from kiosk.prompts.choosing import AboutServices, MoreServices, ShowService, Start, TakeNumber, Tile
from kiosk.prompts.earlier_paper import ServiceOfPaper
from kiosk.prompts.order import ChooseDocument, ChooseKind
from kiosk.prompts.paid import PayCode
from kiosk.prompts.state import StillThere
from kiosk.prompts.ui import Prompt


@cache
def _screens() -> tuple[dict[type, Any], Any, type, type]:
    """Return the screen of each prompt, the frame they are told in, and the classes of articles and of pads."""
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    from screens.look.frame import Frame
    from screens.look.theme import Theme
    from screens.window.kivy_setup import prepare

    prepare(Theme(), Path(tempfile.gettempdir()) / "kiosk-screens", fullscreen=False)
    from screens.articles.article import ArticleScreen
    from screens.citizen.registry import CITIZEN
    from screens.pad import PadScreen

    spoken = tuple(Language(code) for code in ("ar", "en"))
    return dict(CITIZEN), Frame(Theme(), spoken[0], spoken), ArticleScreen, PadScreen


def is_offered(prompt: Prompt[Any], answer: object) -> bool:
    """Return whether a screen has a button for this answer; of prompts that no citizen sees it is not asked."""
    screens, frame, article, pad = _screens()
    match prompt:
        case Start():
            return answer in _of_start(prompt)
        case MoreServices() | AboutServices() | ServiceOfPaper():
            tiles = [tile for page in prompt.pages for group in page for tile in group.tiles]
            return answer in _of_tiles(tiles, reads=isinstance(prompt, AboutServices))
        case ChooseDocument() | ChooseKind():
            return answer in _of_tiles(list(prompt.tiles), reads=True)
        case StillThere():
            return answer in ("more_time", "end")
        case PayCode():
            return answer in ("i_paid", "counter", "help_ticket", "stop")
    made = screens.get(type(prompt))
    kind = getattr(made, "func", None)
    if kind is article and made is not None:
        return any(action.enabled and action.answer == answer for action in made.args[0](prompt, frame).actions)
    if kind is pad and made is not None:
        entry = made.args[0](prompt, frame)
        return isinstance(answer, str) and answer.isdecimal() and entry.shortest <= len(answer) <= entry.length
    return True


def _of_start(prompt: Start) -> list[object]:
    whether = {
        "order": prompt.order.is_offered, "more": prompt.more.is_offered, "priority": True,
        "about": prompt.about is not None, "announcement": prompt.is_announced,
    }  # fmt: skip
    return [*_of_tiles(list(prompt.tiles), reads=False), *(name for name, offered in whether.items() if offered)]


def _of_tiles(tiles: list[Tile], *, reads: bool) -> list[object]:
    kind = ShowService if reads else TakeNumber
    return [kind(tile.service) for tile in tiles if tile.availability.is_offered]
