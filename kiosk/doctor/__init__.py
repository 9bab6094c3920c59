"""`kiosk doctor`: everything that a kiosk in service needs, a finding each with what to do."""

from kiosk.doctor.examination import examine
from offline_store.finding import Finding, Verdict

__all__ = ["Finding", "Verdict", "examine"]
