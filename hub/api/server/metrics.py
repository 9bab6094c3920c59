"""Counters of this process, and gauges read from the database when they are asked for."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from hub.engine.act import LEADING, Look
from hub.engine.status import oldest_wait_s
from hub.estimates.estimate import coverage
from hub.log.reading import all_counters, waiting_by_queue
from hub.messages.alarms import message_counts, standing_alarms


class Metrics:
    """The hub's metrics, in a registry of their own so that several hubs fit in one process."""

    def __init__(self) -> None:
        self.registry = own = CollectorRegistry()
        self.requests = Counter("hub_requests", "Requests answered", ["status"], registry=own)
        self.presses = Counter("hub_presses", "Presses answered", ["status"], registry=own)
        self.press_seconds = Histogram("hub_press_seconds", "Time to answer a press", registry=own)
        self.tickets = Counter("hub_tickets", "Tickets that kiosks told of", ["result"], registry=own)

    def page(self, look: Look, streams: dict[str, int], silent_s: float | None) -> bytes:
        """Write `/metrics` as things stand."""
        momentary = CollectorRegistry()

        def gauge(name: str, text: str, value: float) -> None:
            Gauge(name, text, registry=momentary).set(value)

        waiting = Gauge("hub_waiting", "Tickets that wait", ["group"], registry=momentary)
        for queue, count in waiting_by_queue(look.connection, look.day).items():
            waiting.labels(queue).set(count)
        gauge("hub_oldest_wait_seconds", "Longest wait of those who wait", oldest_wait_s(look))
        states = [counter.state for counter in all_counters(look.connection)]
        gauge("hub_counters_open", "Counters that are open", sum(state != "closed" for state in states))
        gauge("hub_term", "Term of this hub", look.term)
        gauge("hub_leading", "1 where this hub leads", float(look.role == "leading"))
        untaken = sum(alarm.taken_by is None for alarm in standing_alarms(look.connection))
        gauge("hub_alarms_untaken", "Alarms that stand and nobody sees to", untaken if look.role == LEADING else 0)
        written = Gauge("hub_messages", "Messages to staff of the last 30 days", ["state"], registry=momentary)
        for state, count in message_counts(look.connection).items():
            written.labels(state).set(count)
        gauge("hub_boards", "Boards connected", streams.get("board", 0))
        if silent_s is not None:
            gauge("hub_follower_silent_seconds", "Since the follower pulled", silent_s)
        measured = coverage(look)
        gauge("hub_ranges_told", "Ranges told and come true or not, the last 2000", measured["told"])
        gauge("hub_ranges_held_ratio", "Share of ranges that held", measured["held"])
        gauge("hub_ranges_badly_too_little_ratio", "Share told far too little", measured["badly_too_little"])
        return generate_latest(self.registry) + generate_latest(momentary)
