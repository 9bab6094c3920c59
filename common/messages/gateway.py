"""The channel `http`: an operator's gateway, or what a city puts before one.

`POST url` with `Authorization: Bearer` and `{"to","text","life_s"}`; taken is what a 2xx answers with `{"id"}`.
Whatever else says 200, such as a portal's page, is no answer of the gateway's, and nobody knows what became of it.
"""

import http.client
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from common.machine.doctor.secret_file import fault_of
from common.messages.port import ChannelUnavailable, Received, Report, Sent
from common.messages.posting import NotReached, post
from common.messages.settings import HttpSection

#: Of the message itself; all else that is refused may be the gateway's settings, or ours, and is mended.
_NEVER: Final = frozenset({400, 422})
_NOT_NOW: Final = frozenset({401, 402, 403, 404, 405, 410, 413, 429, 503, *range(300, 400)})


class _Taken(Struct, frozen=True):
    id: Annotated[str, Meta(min_length=1, max_length=128)]


class Gateway:
    """Hands texts to an operator."""

    def __init__(self, settings: HttpSection) -> None:
        """Take the address; the token is read each time, so that a new one needs no restart."""
        self._url = settings.url
        self._token_file = Path(settings.token_file)

    def send(self, number: str, text: str, life_s: float) -> Sent:
        """Hand a text over. Raises ChannelUnavailable."""
        body = msgspec.json.encode({"to": number, "text": text, "life_s": int(life_s)})
        try:
            status, answer = post(self._url, body, {"Authorization": f"Bearer {self._token()}"})
        except NotReached as error:
            raise ChannelUnavailable(str(error)) from error
        except (OSError, http.client.HTTPException):
            return Sent("unknown")
        if status in _NOT_NOW:
            raise ChannelUnavailable(f"the gateway answered {status}")
        if status in _NEVER:
            return Sent("failed")
        try:
            return (
                Sent("handed", msgspec.json.decode(answer, type=_Taken).id) if 200 <= status < 300 else Sent("unknown")
            )
        except (msgspec.DecodeError, UnicodeDecodeError):
            return Sent("unknown")

    def reports(self) -> list[Report]:
        """Return nothing: a gateway tells its own pages what became of a text."""
        return []

    def received(self) -> list[Received]:
        """Return nothing: a gateway takes no texts."""
        return []

    def close(self) -> None:
        """Hold nothing."""

    def _token(self) -> str:
        if (fault := fault_of(self._token_file)) is not None:
            raise ChannelUnavailable(fault)
        try:
            token = self._token_file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ChannelUnavailable("the token's file can't be read") from error
        if not token or not token.isprintable():
            raise ChannelUnavailable("the token's file holds no token")
        return token
