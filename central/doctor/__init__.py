"""The doctor: what a central in service needs, looked at one after the other, each with what to do."""

from central.doctor.examination import examine
from central.doctor.finding import Finding

__all__ = ["Finding", "examine"]
