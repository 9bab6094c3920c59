"""Which screen draws which prompt of this feature."""

from functools import partial
from typing import Final

from features.feedback.kiosk.prompts import HowWasIt, Thanks, WasItDone
from features.feedback.screens import articles
from screens.articles.article import ArticleScreen
from screens.screen import Screens

_SCREENS: Final = Screens(
    {
        WasItDone: partial(ArticleScreen, articles.was_it_done),
        HowWasIt: partial(ArticleScreen, articles.how_was_it),
        Thanks: partial(ArticleScreen, articles.thanks),
    }
)
BRINGS: Final = (_SCREENS,)
