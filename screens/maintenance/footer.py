"""The technician's own controls on every screen: back, finish, the next language."""

from kiosk.prompts.ui import Back, Control, Home, SwitchLanguage
from screens.look.frame import BUTTON, Box
from screens.screen import Screen
from screens.widgets.face import Face

FOOT_MM = 20.0
GAP_MM = 3.0
_SIDE_MM = 46.0


def footer(screen: Screen, box: Box, *, has_column: bool = True) -> Box | None:
    """Draw the technician's own controls: back, finish, the next language.

    In a row below on an upright panel; in a column at the end on a lying one, whose upper part is given back for
    whatever turns pages.
    """
    frame = screen.frame
    faces: list[tuple[str, Face, Control]] = [
        ("back", Face(frame.say("common.back"), "back", "", "quiet", "centre", BUTTON), Back()),
        ("home", Face(frame.say("maintenance.leave"), "cross", "", "quiet", "centre", BUTTON), Home()),
    ]
    if (language := frame.next_language) is not None:
        is_ltr = language.direction == "ltr"
        face = Face(language.own_name, "language", "", "quiet", "centre", BUTTON, ltr=is_ltr)
        faces.append(("language", face, SwitchLanguage(language.code)))
    gap, rest = frame.mm(GAP_MM), None
    if frame.theme.wide and has_column:
        rest = box.cut_end(frame.mm(_SIDE_MM), frame.mm(4))
        area = rest.cut_bottom(len(faces) * frame.mm(FOOT_MM) + (len(faces) - 1) * gap, gap)
        cells = area.grid(1, len(faces), gap)
    else:
        cells = box.cut_bottom(frame.mm(FOOT_MM), frame.mm(4)).grid(len(faces), 1, gap)
    for (key, face, answer), cell in zip(faces, cells, strict=True):
        screen.button(key, cell, face, answer)
    return rest
