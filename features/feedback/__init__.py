"""What visitors say of their visits: asked once a ticket, and counted without a name."""

from typing import Final

from common.feature import Feature
from features.feedback.wire import FeedbackBody

FEATURE: Final = Feature("feedback", {"feedback": FeedbackBody})
