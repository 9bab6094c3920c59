"""`make without`: a feature's folder and tests can be deleted, and what is left holds."""

import pytest

from common.feature import installed
from tools import without
from tools.scaffolds.tree import CannotScaffold

ALL = " and ".join(one.name for one in installed())


@pytest.mark.parametrize("names", [["nonsense"], ["all", "all"]])
def test_what_is_no_feature_is_refused_by_those_that_there_are(names: list[str]) -> None:
    with pytest.raises(CannotScaffold, match=", ".join([one.name for one in installed()] + ["all$"])) as refused:
        without.hold_without(names)
    assert refused.value.is_usage


def test_both_folders_are_gone_where_a_step_runs_and_one_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = "import pathlib; assert [one.parent.name for one in pathlib.Path().glob('**/features/*/')] == []"
    there = "import pathlib, kiosk; assert pathlib.Path().resolve() in pathlib.Path(kiosk.__file__).parents"
    monkeypatch.setattr(without, "STEPS", {"gone": ("-c", gone), "there": ("-c", there)})
    assert without.hold_without(["all"]) == f"gone, there hold without {ALL}"
    monkeypatch.setattr(without, "STEPS", {"good": ("-c", ""), "bad": ("-c", "raise SystemExit(3)")})
    with pytest.raises(CannotScaffold, match=f"^failed without {ALL}: bad$"):
        without.hold_without(["all"])


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_without_all_features_types_and_imports_hold_all_tests_are_found_and_the_demo_ends() -> None:
    assert "types, imports, demo, collection hold without" in without.hold_without(["all", without.BRIEFLY])
