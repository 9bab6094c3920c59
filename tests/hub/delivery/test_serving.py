"""A hub's forwarder asks the process beside it, where kiosks and pages would, whether it answers."""

from pathlib import Path
from typing import Any

import pytest

from common.protocol.feed_message import HubRecord, Hubs
from hub.delivery import forwarding
from hub.delivery.forwarding import _answers
from hub.opened import opened
from tests.hub.api.conftest import HUB_KEY
from tests.hub.commands.processes import central, enrolled_hub
from tests.hub.hall import CENTRE, HUB_ID, Hall, said


def test_a_hub_that_runs_answers_and_one_that_was_stopped_does_not(tmp_path: Path) -> None:
    with central(tmp_path) as there:
        place = enrolled_hub(tmp_path / "hub", there)
        place.command("forward", "--once")
        with opened(Path(place.config)) as parts:
            assert _answers(parts.config, parts.hub) is False
            with place.serving():
                assert _answers(parts.config, parts.hub) is True
            assert _answers(parts.config, parts.hub) is False


@pytest.mark.parametrize(
    ("records", "key"),
    [
        ([HubRecord("hub-b", "http://b", "k")], HUB_KEY),
        ([HubRecord(HUB_ID, "http://own", "k", revoked=True)], HUB_KEY),
        ([HubRecord(HUB_ID, "http://own", "k")], None),
    ],
)
def test_of_a_hub_to_which_nobody_is_sent_nothing_can_be_told(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, records: list[HubRecord], key: Any
) -> None:
    monkeypatch.setattr(forwarding, "signing_key", lambda *_: key)
    said(hall.hub, Hubs(CENTRE, records), 7)
    config: Any = type("Config", (), {"data_dir": Path("/nowhere")})
    assert _answers(config, hall.hub) is None
