"""Every prompt and notice of a citizen has a screen, and is drawn in the pictures."""

import importlib
import pkgutil

from kiosk import prompts
from kiosk.prompts import Notice, Prompt
from screens.citizen.registry import CITIZEN
from tests.screens.samples import BEFORE_ANY_VISIT, SAMPLES

DECLARED = {
    one
    for module in pkgutil.iter_modules(prompts.__path__, "kiosk.prompts.")
    for one in vars(importlib.import_module(module.name)).values()
    if isinstance(one, type) and issubclass(one, Prompt | Notice) and one not in (Prompt, Notice)
}


def test_every_prompt_has_a_screen_and_a_sample() -> None:
    assert {one.__name__ for one in DECLARED} <= set(vars(prompts)), "named in kiosk/prompts/__init__.py"
    assert set(CITIZEN) == DECLARED
    assert {type(prompt) for prompt in (*SAMPLES.values(), *BEFORE_ANY_VISIT.values())} == DECLARED
