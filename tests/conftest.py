"""How the suite runs: what it writes lies in memory, and long files come first, so that no worker waits at the end."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
import zlib
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

# Else Kivy has the root logger take every line of every library, and write it, for all tests that come after.
os.environ["KIVY_LOG_MODE"] = "PYTHON"

# The same examples in every run, and no failure because a busy machine took its time over one. The proofs try new ones:
# `--hypothesis-profile=fresh --hypothesis-seed=N`, where make prints the seed, and the same seed tries the same ones.
settings.register_profile("suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fresh", settings.get_profile("suite"), derandomize=False, database=None, max_examples=150)
settings.register_profile("long", settings.get_profile("fresh"), max_examples=4000)  # make long
settings.load_profile("suite")

from tests.kit import folded, left, new_tables  # noqa: E402 - hypothesis is set up first
from tests.kit.memory import work_in_memory  # noqa: E402
from tests.kit.power_cut import can_trace  # noqa: E402

TESTS = Path(__file__).parent
# What takes longest: crowds, thousands of cuts, programs that are started; and all that opens a browser: `make proofs`.
PROOFS = (
    "hub/pages/board/test_board", "hub/pages/test_brand", "hub/pages/test_firefox", "hub/takeover/test_takeover",
    "hub/takeover/test_split", "hub/commands/test_crowds", "hub/commands/test_messages", "hub/commands/test_service",
    "hub/commands/test_wanted", "tools/soak/", "tools/fleet/", "tools/cluster/", "tools/scaffolds/",
    "tools/mutants/", "end_to_end/", "screens/pictures/test_audits", "screens/pictures/test_pixels",
    "screens/pictures/test_voice", "screens/pictures/test_panels", "screens/window/test_keys",
    "screens/window/test_locked", "central/test_brand", "updater/test_any_order", "updater/test_central",
    "updater/test_power_cut", "release/test_bare_machine", "release/test_central_and_hub", "release/test_repository",
    "release/test_signing", "deploy/machines/test_set_up", "deploy/machines/test_stick",
    "kiosk/delivery/test_restore_drill", "offline_store/inquiries/test_carried",
)  # fmt: skip
# What their tests leave in a database is compared with a record: of those that have a clock of their own, and in which
# nothing goes on by itself.
LEFT = {room: left.Record(TESTS / room / "left.txt") for room in ("central", "hub")}
LIVES_AT_ONE_MOMENT = frozenset({"connection", "hall"})
DATABASES = ("sqlite", "postgresql")
# A check tries SQLite, the proofs PostgreSQL too: all where the two differ in more than their words (locks, races,
# revisions, what a restore brings), elsewhere half.
ON_BOTH = tuple(f"central/{room}/" for room in ("base", "claims", "inquiries", "intake", "keys", "payments"))
LONGEST_FIRST = (
    "town/test_", "one_machine/", "tools/cluster/", "release/test_", "tools/fleet/", "tools/soak/", "end_to_end/",
    "screens/pictures/",
    "central/commands/", "hub/commands/", "screens/", "central/", "hub/pages/", "kiosk/delivery/",
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody say that power cuts can't be tested here: without it their tests fail where strace may not trace."""
    parser.addoption("--without-power-cuts", action="store_true", help="skip what strace has to record")
    parser.addoption(
        "--both-databases", action="store_true", help="run each test of central on both: make long databases"
    )


def pytest_configure() -> None:
    """Keep in memory what the tests write, but for those that build whole machines and ask for a disk."""
    work_in_memory()


def pytest_collection_finish() -> None:
    """Take all tests and modules out of what is searched for garbage: the search was a sixth of the suite's time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def copied_tables() -> Iterator[None]:
    """See `tests.kit.new_tables`."""
    with new_tables.copied_stores(), new_tables.copied_hubs():
        yield


@pytest.fixture(autouse=True)
def _left_as_recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    """See `tests.kit.left` and `tests.kit.folded`."""
    record = LEFT.get(request.path.relative_to(TESTS).parts[0])
    has_one_moment = not LIVES_AT_ONE_MOMENT.isdisjoint(request.fixturenames) and "tmp_path" in request.fixturenames
    if record is None or not has_one_moment or request.node.get_closest_marker("proof") is not None:
        yield
        return
    folder: Path = request.getfixturevalue("tmp_path")
    yield
    if request.node.get_closest_marker("edits_the_log") is None:
        folded.compare(folder)
    record.compare(request.node.nodeid, folder)


@pytest.fixture(scope="session")
def power_cuts(request: pytest.FixtureRequest) -> None:
    """Need strace, which records every write."""
    if not can_trace():
        if request.config.getoption("--without-power-cuts"):
            pytest.skip("told to leave power cuts out")
        pytest.fail("strace is missing or may not trace: see --without-power-cuts")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the long ones; move the folders with long tests to the front. Within each, the shuffled order stays."""
    if config.getoption("timeout") == 0:  # a campaign takes what it takes, whatever a test says of its own time
        for node in {node for item in items for node in item.listchain()}:
            node.own_markers = [mark for mark in node.own_markers if mark.name != "timeout"]
    left: list[pytest.Item] = []
    runs_on: dict[str, set[str]] = {}
    for item in items:
        if (database := _database_of(item)) is not None:
            runs_on.setdefault(_on_either(item, database), set()).add(database)
    for item in items:
        path, needs, database = str(item.path.relative_to(TESTS)), getattr(item, "fixturenames", ()), _database_of(item)
        is_slower = database == "postgresql" and len(runs_on[_on_either(item, database)]) > 1
        if path.startswith(PROOFS) or "browser" in needs or is_slower:
            item.add_marker(pytest.mark.proof)
        if is_slower and path.startswith("central/") and not path.startswith(ON_BOTH) and not _is_of_the_half(item):
            left.append(item)
    if not config.option.both_databases:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]
    items.sort(key=_rank)


def _database_of(item: pytest.Item) -> str | None:
    called = getattr(item, "callspec", None)
    return next((value for value in called.params.values() if value in DATABASES), None) if called else None


def _on_either(item: pytest.Item, database: str) -> str:
    """Return what a test is called on whichever of central's databases it runs."""
    return f"{item.path.name}::{item.name.replace(database, '')}"


def _is_of_the_half(item: pytest.Item) -> bool:
    """Whether a test is of those that are proven on PostgreSQL too where the databases differ in words alone."""
    return zlib.crc32(_on_either(item, "postgresql").encode()) % 2 == 1


def _rank(item: pytest.Item) -> int:
    path = str(item.path.relative_to(TESTS))
    return next((rank for rank, folder in enumerate(LONGEST_FIRST) if path.startswith(folder)), len(LONGEST_FIRST))
