"""How the suite runs: what it writes lies in memory, and long files come first, so that no worker waits at the end."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Else each of the hundreds of processes that the tests start compiles the whole project again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Kivy makes its folder when it is imported, and fails where another process makes the same one at that moment.
os.environ["KIVY_HOME"] = tempfile.mkdtemp(prefix="kivy-")
atexit.register(shutil.rmtree, os.environ["KIVY_HOME"], ignore_errors=True)

# The same examples in every run, and no failure because a busy machine took its time over one. The proofs try new ones:
# `--hypothesis-profile=fresh --hypothesis-seed=N`, where make prints the seed, and the same seed tries the same ones.
settings.register_profile("suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fresh", settings.get_profile("suite"), derandomize=False, database=None, max_examples=400)
settings.register_profile("long", settings.get_profile("fresh"), max_examples=4000)  # make long
settings.load_profile("suite")

from tests.kit import new_tables  # noqa: E402 - hypothesis is set up first
from tests.kit.memory import work_in_memory  # noqa: E402
from tests.kit.power_cut import can_trace  # noqa: E402

TESTS = Path(__file__).parent
# What takes longest and needs a browser, crowds or thousands of cuts: `make proofs`.
PROOFS = (
    "hub/pages/test_counter", "hub/pages/test_board", "hub/pages/test_firefox", "hub/pages/test_long",
    "hub/pages/test_open_pages", "hub/pages/test_take_over", "hub/pages/test_every_state", "hub/takeover/test_takeover",
    "hub/takeover/test_split", "tools/soak/",
    "end_to_end/test_week", "end_to_end/test_demo", "end_to_end/test_power_cut",
    "central/test_brand", "hub/pages/test_brand", "central/offices/test_pages",
    "central/insight/public/test_on_a_phone", "tools/cluster/", "updater/test_power_cut", "release/",
    "deploy/test_set_up", "deploy/test_stick", "tools/scaffolds/", "tools/mutants/",
)  # fmt: skip
LONGEST_FIRST = (
    "tools/cluster/", "tools/soak/", "release/test_bare_machine", "end_to_end/", "tools/week/", "screens/pictures/",
    "central/commands/", "hub/commands/", "screens/", "central/", "hub/pages/", "kiosk/delivery/",
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody say that power cuts can't be tested here: without it their tests fail where strace may not trace."""
    parser.addoption("--without-power-cuts", action="store_true", help="skip what strace has to record")


def pytest_configure(config: pytest.Config) -> None:
    """Keep what the suite writes in memory; the long proofs, some of which build whole machines, stay on the disk."""
    if "not proof" in config.option.markexpr or "hypothesis" in config.option.markexpr:
        work_in_memory()


@pytest.fixture(scope="session", autouse=True)
def copied_tables() -> Iterator[None]:
    """See `tests.kit.new_tables`."""
    with new_tables.copied_stores(), new_tables.copied_hubs():
        yield


@pytest.fixture(scope="session")
def power_cuts(request: pytest.FixtureRequest) -> None:
    """Need strace, which records every write."""
    if not can_trace():
        if request.config.getoption("--without-power-cuts"):
            pytest.skip("told to leave power cuts out")
        pytest.fail("strace is missing or may not trace: see --without-power-cuts")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the long ones; move the folders with long tests to the front. Within each, the shuffled order stays."""
    for item in items:
        if str(item.path.relative_to(TESTS)).startswith(PROOFS):
            item.add_marker(pytest.mark.proof)
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    path = str(item.path.relative_to(TESTS))
    return next((rank for rank, folder in enumerate(LONGEST_FIRST) if path.startswith(folder)), len(LONGEST_FIRST))
