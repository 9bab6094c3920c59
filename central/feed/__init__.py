"""The feed: what central tells its kiosks, in one order that every reader sees alike."""

from central.feed.messages import EVERYONE, Audience, append, newest_body
from central.feed.pages import COLLECTED_KEPT, PAGE_CHARACTERS, PAGE_MESSAGES, Reader, read, through

__all__ = [
    "COLLECTED_KEPT",
    "EVERYONE",
    "PAGE_CHARACTERS",
    "PAGE_MESSAGES",
    "Audience",
    "Reader",
    "append",
    "newest_body",
    "read",
    "through",
]
