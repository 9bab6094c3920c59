"""Fingers as SDL gives them out, put into its own queue: the way that a panel's touches take under X."""

from pathlib import Path

from tests.screens.window.test_window import play

SDL = """
import ctypes, struct
library = next(line.split()[-1] for line in open("/proc/self/maps") if "libSDL2-" in line)
sdl = ctypes.CDLL(library)
DOWN, UP, MOTION = 0x700, 0x701, 0x702
def finger(kind, number, x, y):
    event = struct.pack("<IIqqfffffI", kind, 0, 1, number, x, y, 0, 0, 1, 1).ljust(64, b"\\0")
    assert sdl.SDL_PushEvent(event) == 1
"""


def test_two_fingers_in_opposite_corners_are_the_technicians_way_in(tmp_path: Path) -> None:
    answer = play(
        tmp_path,
        SDL
        + """
question = ask(start())
await ui.wait_for("start")
ui.stage.corners.hold_s = 0.3
finger(DOWN, 1, 0.01, 0.01)
finger(DOWN, 2, 0.99, 0.99)
async with asyncio.timeout(10):
    answer = await question
return type(answer).__name__
""",
    )
    assert answer == "OpenMaintenance"


def test_a_finger_touches_once_where_it_is_and_no_mouse_is_made_of_it(tmp_path: Path) -> None:
    hint, service, downs = play(
        tmp_path,
        SDL
        + """
downs = []
ui.window.bind(on_touch_down=lambda _, touch: downs.append(touch.device) and None)
question = ask(start())
await ui.wait_for("start")
tile = ui.stage.find("tile:water-bill")
x, y = tile.center_x / theme.width_px, 1 - tile.center_y / theme.height_px
finger(DOWN, 7, x, y)
await asyncio.sleep(0.1)
finger(MOTION, 7, x + 0.005, y)
await asyncio.sleep(0.1)
finger(UP, 7, x + 0.005, y)
async with asyncio.timeout(10):
    answer = await question
sdl.SDL_GetHint.restype = ctypes.c_char_p
return [sdl.SDL_GetHint(b"SDL_TOUCH_MOUSE_EVENTS").decode(), answer.service, downs]
""",
    )
    assert (hint, service, downs) == ("0", "water-bill", ["sdl"])
