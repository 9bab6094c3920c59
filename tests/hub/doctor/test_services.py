from pathlib import Path

import pytest

from common.machine.doctor.finding import Verdict
from hub.doctor.services import UNITS, check_services


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({}, Verdict.OK),
        ({("is-active", "hub.service"): "inactive"}, Verdict.PROBLEM),
        ({("is-enabled", "hub.service"): "disabled"}, Verdict.PROBLEM),
        ({("is-enabled", "hub-forward.service"): "masked"}, Verdict.PROBLEM),
    ],
)
def test_a_service_that_is_stopped_disabled_or_masked_is_named(
    tmp_path: Path, spoilt: dict[tuple[str, str], str], said: Verdict
) -> None:
    well = {(verb, unit): {"is-active": "active", "is-enabled": "enabled"}[verb] for unit in UNITS
            for verb in ("is-active", "is-enabled")}  # fmt: skip
    answers = well | spoilt
    (found,) = check_services(lambda verb, unit: answers[(verb, unit)], tmp_path)
    assert found.verdict is said
    assert all(unit in found.found and unit in found.todo for _, unit in spoilt)


def test_on_a_laptop_no_service_is_looked_for(tmp_path: Path) -> None:
    (found,) = check_services(lambda *_: "", tmp_path / "none")
    assert found.verdict is Verdict.SKIPPED
