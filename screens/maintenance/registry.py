"""Which screen draws which prompt or notice of the technicians."""

from collections.abc import Callable
from functools import partial

from kiosk.maintenance import prompts
from screens.articles.article import ArticleScreen
from screens.maintenance import special
from screens.maintenance.address import AddressScreen
from screens.maintenance.panel import PanelScreen
from screens.screen import Screen

MAINTENANCE: dict[type, Callable[[], Screen]] = {
    prompts.EnterPin: partial(special.BackedPad, special.enter_pin),
    prompts.LockedOut: partial(ArticleScreen, special.locked_out),
    prompts.Checking: partial(ArticleScreen, special.working),
    prompts.Panel: PanelScreen,
    prompts.FindTicket: special.FindScreen,
    prompts.PaperStep: partial(special.BackedArticle, special.paper_step),
    prompts.TouchTarget: special.TouchTargetScreen,
    prompts.TestPicture: special.TestPictureScreen,
    prompts.EnterAddress: AddressScreen,
    prompts.KeepChange: partial(ArticleScreen, special.keep_change),
}
"""One screen a type; made when it is first needed, kept for ever after."""
