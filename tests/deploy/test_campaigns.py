"""`make long` names what there is, and says by which seed a campaign runs again."""

import subprocess
import sys

import pytest

from tools import campaigns


def test_a_campaign_that_is_not_there_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert campaigns.main(["nonsense"], 1) == 2
    assert "examples, databases, kills, board, soak, mutants" in capsys.readouterr().err


def test_one_that_fails_fails_the_whole_and_each_says_its_seed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "CAMPAIGNS", {"good": lambda _seed: ["true"], "bad": lambda _seed: ["false"]})
    assert campaigns.main([], 7) == 1
    printed = capsys.readouterr().out
    assert "make long good SEED=7" in printed
    assert "failed: bad" in printed


@pytest.mark.parametrize("name", campaigns.CAMPAIGNS)
def test_each_campaign_is_a_program_that_is_there(name: str) -> None:
    command = campaigns.CAMPAIGNS[name](1)
    at = command.index("-m")
    program, module = next(one for one in command if one == sys.executable), command[at + 1]
    looked = f"import importlib.util, sys; sys.exit(not importlib.util.find_spec({module!r}))"
    subprocess.run([program, "-c", looked], check=True)
