"""What a kiosk gets of this feature."""

from typing import Final

from features.feedback.kiosk.flow import OF_PAPER

BRINGS: Final = (OF_PAPER,)
