"""`kiosk doctor`: everything that a kiosk in service needs, a finding each with what to do."""

from common.machine.doctor.finding import Finding, Verdict
from kiosk.doctor.examination import examine

__all__ = ["Finding", "Verdict", "examine"]
