"""A short soak in the suite: nothing grows, no thread and no descriptor stays behind. `make bench` has a longer one."""

import pytest

from tools.benchmarks.bench_soak import IDLE_LIMIT_PERCENT, measure
from tools.soak.citizens import FEWEST_VISITS
from tools.soak.held import left_behind

VISITS, SECONDS = 300, 40.0
WARM_MB = 10.0  # 2 to 4 are seen; undrawn frames would be 2,000 MB


@pytest.mark.timeout(400)
def test_visits_leave_nothing_behind() -> None:
    measured = measure(VISITS, SECONDS, "540x960")
    first, last = measured["at_rest"][0], measured["at_rest"][-1]
    assert measured["visits"] >= FEWEST_VISITS
    assert sum(measured["faults"].values()) > 0
    assert measured["screens"]["ticket"] > 0
    assert measured["rss_growth_mb"] < WARM_MB
    assert left_behind(first["held"], last["held"]) == {}
    assert measured["idle_percent"] < IDLE_LIMIT_PERCENT * 2, "other tests run beside this one"
