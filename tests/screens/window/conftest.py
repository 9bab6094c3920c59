"""A bridge without a window, whose screens, panel and voice only note what is asked of them."""

import time
from typing import Any, cast
from unittest import mock

import pytest

from kiosk.language import Language
from kiosk.prompts.ui import Look, StatusStrip
from screens.window.pulse import Pulse
from screens.window.window import KivyUi


@pytest.fixture
def ui() -> Any:
    made = cast("Any", KivyUi.__new__(KivyUi))
    made.on_touch = mock.Mock()
    made.stage = mock.Mock(is_open=True, targets=[])
    made.panel = mock.Mock(is_drawn=True)
    made.panel.window.size = (800, 600)
    made.screens, made.guidance, made.pulse = mock.Mock(), mock.Mock(is_available=True), Pulse()
    made._languages = {"ar": Language("ar"), "en": Language("en")}
    made._look, made._strip, made._shown, made._left = Look("ar"), StatusStrip({}), None, []
    made._answer = made._left_by = None
    made._closable, made._on_beat, made._touched_at = False, mock.Mock(), time.monotonic()
    return made
