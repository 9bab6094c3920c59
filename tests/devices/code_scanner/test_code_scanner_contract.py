"""What every code scanner of the registry promises, over a pseudo-terminal, whatever its protocol."""

from collections.abc import Callable

import pytest

from devices.code_scanner.simulator import ScannerSimulator
from devices.contract.code_scanner import CHECKS, Bench, name_of
from devices.registry import SCANNERS


def line_scanner() -> Bench:
    simulator = ScannerSimulator()
    return Bench(simulator, simulator.show)


BENCHES = {"line-scanner": line_scanner}


def test_every_driver_of_the_registry_is_held_to_the_contract() -> None:
    assert set(BENCHES) == set(SCANNERS)


@pytest.mark.parametrize("name", BENCHES)
@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_the_contract_is_kept(check: Callable[[str, Bench], None], name: str) -> None:
    check(name, BENCHES[name]())
