"""Promises 10 to 14 in every interleaving of kiosks, counters, kills, cuts, repeats, take-overs, and central away."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.hub.centre_machine import CentreMachine
from tests.kit.examples import examples

EXAMPLES = examples(fixed=24, fresh=200)
# What must come of an example, on average: a run in which nobody is called holds no promise, however green.
# The suite's few examples change with each line of the machine, so the floor lies well below what they bring.
AT_LEAST = {
    "called": 3, "came": 0.3, "repeated": 0.3, "taken over": 0.3, "lost press": 0.3, "killed": 0.15,
    "called past others": 0.05, "carried": 0.1, "claimed": 0.04,
}  # fmt: skip


@pytest.mark.timeout(3600)  # for shrinking too
@pytest.mark.hypothesis
def test_a_centre_keeps_its_promises_whatever_happens() -> None:
    happened = CentreMachine.happened = Counter()
    bounds = settings(max_examples=EXAMPLES, stateful_step_count=40, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(CentreMachine, settings=bounds)
    assert {what: happened[what] for what, least in AT_LEAST.items() if happened[what] < least * EXAMPLES} == {}
