"""What central gets of this feature."""

from typing import Final

from features.feedback.central.figures import FIGURES
from features.feedback.central.items import READING
from features.feedback.central.page import ASKING
from features.feedback.central.retention import RETAINED

BRINGS: Final = (READING, ASKING, FIGURES, RETAINED)
