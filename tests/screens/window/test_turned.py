"""A panel that is set the other way while it runs: the picture turns, and touches with it."""

from pathlib import Path

from tests.screens.window.test_window import play

TURNING = "way = [False]\nui.panel.is_turned = lambda width, height: way[0]\n"

LOOK = """
from PIL import Image
def looks(name):
    path = Path(sys.argv[1]) / f"{name}.png"
    ui.screenshot(path)
    return Image.open(path).size
"""


def test_the_picture_turns_at_the_next_screen_touches_land_and_it_turns_back(tmp_path: Path) -> None:
    sizes, answers, window = play(
        tmp_path,
        TURNING
        + LOOK
        + """
sizes, answers = [], []
for turned in (False, True, False):
    way[0] = turned
    question = ask(start(priority=Priority.ELDERLY) if turned else start())
    await ui.wait_for("start")
    sizes.append(looks(f"turned-{turned}"))
    await ui.press("tile:water-bill")
    async with asyncio.timeout(10):
        answers.append((await question).service)
return [sizes, answers, list(ui.window.system_size)]
""",
    )
    assert sizes == [[540, 960], [960, 540], [540, 960]]
    assert answers == ["water-bill"] * 3
    assert window == [540, 960]


def test_on_a_turned_picture_a_finger_means_what_it_is_drawn_under(tmp_path: Path) -> None:
    # The panel's own pixels say where the button is, so that an error shared by drawing and `share` can't hide.
    found, answer = play(
        tmp_path,
        TURNING
        + """
from screens.window.turning import picture
way[0] = True
question = ask(start())
await ui.wait_for("start")
before = picture(ui.window, ui.window.system_size)
tile = ui.stage.find("tile:judicial-record")
tile.press(True)
await ui.panel.next_flip()
after = picture(ui.window, ui.window.system_size)
tile.press(False)
from PIL import ImageChops
left, top, right, bottom = ImageChops.difference(before, after).getbbox()
x, y = (left + right) / 2 / before.width, 1 - (top + bottom) / 2 / before.height
await ui.touches.tap(x, y)
async with asyncio.timeout(10):
    answer = (await question).service
return [[before.width, before.height], answer]
""",
    )
    assert (found, answer) == ([540, 960], "judicial-record")


def test_the_technicians_corners_are_those_of_the_turned_picture(tmp_path: Path) -> None:
    answer = play(
        tmp_path,
        TURNING
        + """
way[0] = True
question = ask(start())
await ui.wait_for("start")
ui.stage.corners.hold_s = 0.2
fingers = [ui.touches.down(0.01, 0.01), ui.touches.down(0.99, 0.99)]
async with asyncio.timeout(10):
    answer = type(await question).__name__
for finger in fingers:
    ui.touches.up(finger)
return answer
""",
    )
    assert answer == "OpenMaintenance"
