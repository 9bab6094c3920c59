"""`hub doctor`: everything that a hub in service needs, a finding each with what to do."""

from hub.doctor.examination import examine

__all__ = ["examine"]
