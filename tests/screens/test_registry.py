"""Every prompt and notice of a citizen has a screen, and is drawn in the pictures."""

from kiosk import prompts
from kiosk.prompts import Notice, Prompt
from screens.citizen.registry import CITIZEN
from tests.screens.samples import SAMPLES

DECLARED = {
    one
    for one in vars(prompts).values()
    if isinstance(one, type) and issubclass(one, Prompt | Notice) and one not in (Prompt, Notice)
}


def test_every_prompt_has_a_screen_and_a_sample() -> None:
    assert set(CITIZEN) == DECLARED
    assert {type(prompt) for prompt in SAMPLES.values()} == DECLARED
