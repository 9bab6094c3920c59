"""C9, the warning before a visit ends: a countdown that moves once a second, and one big button."""

import math
import time

from kiosk.prompts.state import StillThere
from screens.articles.article import ArticleScreen
from screens.articles.story import Action, Article
from screens.look.frame import Frame


class StillThereScreen(ArticleScreen):
    """Counts down by itself; the visit alone decides when it is over."""

    def __init__(self) -> None:
        super().__init__(self._article)
        self._since_s = time.monotonic()

    def resume(self) -> None:
        """Begin the countdown again."""
        super().resume()
        self._since_s = time.monotonic()

    def tick(self) -> bool:
        """Ask to be redrawn: another second has gone."""
        return True

    def _article(self, prompt: StillThere, frame: Frame) -> Article:
        left = max(0, math.ceil(prompt.seconds - (time.monotonic() - self._since_s)))
        more = Action("more_time", frame.say("still_there.more_time"), "more_time", "clock", "main")
        end = Action("end", frame.say("still_there.end"), "end", "cross")
        return Article(
            "hourglass",
            frame.say("still_there.title"),
            "warn",
            (frame.say("still_there.seconds", n=left),),
            actions=(more, end),
        )
