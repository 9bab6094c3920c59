"""Every prompt and notice of a citizen has a screen, and is drawn in the pictures."""

from screens.citizen.registry import CITIZEN
from tests.kit.declared_prompts import DECLARED
from tests.screens.samples import BEFORE_ANY_VISIT, SAMPLES


def test_every_prompt_has_a_screen_and_a_sample() -> None:
    assert set(CITIZEN) == DECLARED
    assert {type(prompt) for prompt in (*SAMPLES.values(), *BEFORE_ANY_VISIT.values())} == DECLARED
