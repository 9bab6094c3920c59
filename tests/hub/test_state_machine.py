"""Promises 10 to 14 in every interleaving of kiosks, counters, kills, cuts, repeats, take-overs, and central away."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.hub.centre_machine import CentreMachine
from tests.kit.examples import examples

EXAMPLES = examples(fixed=16, fresh=300)
# What must come of an example, on average: a run in which nobody is called holds no promise, however green.
AT_LEAST = {"called": 5, "came": 1, "repeated": 0.7, "taken over": 0.8, "lost press": 1.5, "killed": 0.3}


@pytest.mark.timeout(3600)  # for shrinking too
@pytest.mark.hypothesis
def test_a_centre_keeps_its_promises_whatever_happens() -> None:
    happened = CentreMachine.happened = Counter()
    bounds = settings(max_examples=EXAMPLES, stateful_step_count=40, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(CentreMachine, settings=bounds)
    assert {what: happened[what] for what, least in AT_LEAST.items() if happened[what] < least * EXAMPLES} == {}
