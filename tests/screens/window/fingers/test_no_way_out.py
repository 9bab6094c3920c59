"""No key, touch or request leads a citizen out of the screens."""

import signal
from pathlib import Path

from tests.screens.window.test_window import play


def test_no_key_leads_out_and_keys_reach_every_button(tmp_path: Path) -> None:
    answers = play(
        tmp_path,
        """
first = ask(start())
await ui.wait_for("start")
window = ui.window
ended = [window.dispatch("on_keyboard", key, 0, None, mods) for key, mods in ((27, []), (282, []), (285, ["alt"]))]
closes = window.dispatch("on_request_close")
names = set()
for _ in range(40):
    window.dispatch("on_keyboard", 9, 0, None, [])
    names.add(ui.stage.focused.name)
everyone = {target.name for target in ui.stage.targets if target.enabled}
while ui.stage.focused.name != "tile:water-bill":
    window.dispatch("on_keyboard", 9, 0, None, [])
window.dispatch("on_keyboard", 13, 0, None, [])
return [all(ended), bool(closes), names == everyone, (await first).service]
""",
    )
    assert answers == [True, True, True, "water-bill"]


def test_random_keys_and_touches_never_leave_the_citizen_screens(tmp_path: Path) -> None:
    """A18: every key with every modifier, double touches, edges: the window stays, and the screen."""
    answers = play(
        tmp_path,
        """
import random
rng = random.Random(18)
first = ask(TypeOrderNumber())
await ui.wait_for("type_number")
window, left = ui.window, []
for _ in range(400):
    mods = rng.sample(["alt", "ctrl", "shift", "meta"], rng.randrange(3))
    key = rng.choice([27, 282, 283, 285, 293, 9, 32, 273, 274, 8, 127, 319, *range(97, 123)])
    if key == 32:
        continue  # what the keys are on is answered: that is no way out
    if not window.dispatch("on_keyboard", key, 0, None, mods):
        left.append((key, mods))
for _ in range(25):
    x, y = rng.choice([(0.002, 0.002), (0.998, 0.998), (rng.random(), 0.99), (0.5, rng.uniform(0.9, 1))])
    for _ in range(rng.choice((1, 2))):
        await ui.touches.tap(x, y)
shown, is_open = ui.shown.name, not window.dispatch("on_request_close") is False
done = first.done()
first.cancel()
return [left, shown, done, is_open]
""",
    )
    assert answers == [[], "type_number", False, True]


def test_a_request_to_stop_while_the_window_opens_is_not_swallowed(tmp_path: Path) -> None:
    """SDL would catch SIGTERM until the loop does, and the machine's stop would wait for its time limit."""
    status = play(tmp_path, 'return Path("/proc/self/status").read_text()')
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    assert not int(caught, 16) & 1 << signal.SIGTERM - 1
