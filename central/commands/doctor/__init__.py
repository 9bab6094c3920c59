"""The doctor: what a central in service needs, looked at one after the other, each with what to do."""

from central.commands.doctor.examination import examine

__all__ = ["examine"]
