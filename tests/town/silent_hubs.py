"""Promise 9: a hub that has been dead for long has its face on the manager's page."""

from typing import TYPE_CHECKING, Any, Final

from tests.town.pace import QUIET_S

if TYPE_CHECKING:
    from tests.town.hub import TownHub
    from tests.town.town import Town

DEAD_S: Final = 900.0
PULLED_S: Final = QUIET_S + 300.0  # after so long it has pulled the log of who leads


def judge(town: "Town", view: dict[str, Any], leader: "TownHub") -> None:
    """Judge what the page of the hub that leads says of those that went off while it ran."""
    now = town.loop.time()
    dead = [
        one
        for one in town.hubs
        if not one.is_up and one.stopped_s > leader.since_s + PULLED_S and now - one.stopped_s > DEAD_S
    ]
    if not dead or not town.ledger.is_calm(DEAD_S):
        return
    town.ledger.reached["standby-dead-for-long"] += 1
    if view["follower_silent_s"] is None:
        said = "the manager's page says that all hubs are well"
        was = f"it is off since {(now - dead[0].stopped_s) / 60:.0f} minutes"
        town.ledger.accuse(9, dead[0].name, said, was)
