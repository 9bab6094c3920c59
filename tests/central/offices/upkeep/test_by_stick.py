"""A machine that is updated by stick alone: nobody is asked about it until its version is left behind."""

import pytest

from central.kiosks import state
from central.kiosks.state import read_state, symptoms_of
from tests.central.conftest import Stage
from tests.central.offices.upkeep.test_machines import ill


@pytest.mark.parametrize(
    ("own", "said", "is_named"),
    [
        ("1.4.2", "1.4.0", False),
        ("1.4.0", "1.3.9", False),
        ("1.4.0", "1.2.9", True),
        ("2.0.0", "1.9.0", True),
        ("1.4.0", "1.5.0", False),
        ("1.4.0", "2.0.0", False),
        ("1.10.0", "1.9.0", False),
        ("1.4.0", "", False),
        ("1.4.0", "trial", False),
        ("0+unknown", "1.2.0", False),
    ],
)
def test_it_may_be_one_minor_version_behind(
    own: str, said: str, is_named: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "_OWN", own)
    found = symptoms_of(read_state(f'{{"version": "{said}", "update": {{"lacks": "stick"}}}}'))
    assert [one.name for one in found] == ["stick"] * is_named


async def test_it_is_named_with_what_to_bring(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, health={"version": "1.2.0", "update": {"lacks": "stick"}})
    monkeypatch.setattr(state, "_OWN", "1.3.0")
    assert await ill(stage) == []
    monkeypatch.setattr(state, "_OWN", "1.4.0")
    (found,) = await ill(stage)
    assert (found.row("en")["what"], found.row("en")["do"]) == (
        "It is updated by stick, and its version 1.2.0 is too far behind central's",
        "Bring a stick with the new version, and type there: hub-update --from FOLDER.",
    )
