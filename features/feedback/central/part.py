"""What central gets of this feature."""

from typing import Final

from central.backup.head import TakenIn
from features.feedback.central.figures import FIGURES
from features.feedback.central.items import READING
from features.feedback.central.page import ASKING
from features.feedback.central.retention import RETAINED
from features.feedback.central.tables import feedback, feedback_counts

BRINGS: Final = (READING, ASKING, FIGURES, RETAINED, TakenIn(feedback), feedback, feedback_counts)
