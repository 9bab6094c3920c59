"""A wallet or biller that can be lost. It plays in threads here; its books stay, as those on a disk do."""

from typing import Self

from demo.payments.biller import Biller
from demo.payments.server import Server
from demo.payments.wallet import Wallet


class House:
    """One of them behind its server, at one address however often it is lost; `halved`: how often within an answer."""

    def __init__(self, party: Wallet | Biller) -> None:
        """Serve nobody yet."""
        self.party = party
        self.halved = 0
        self.is_up = False
        self._server = Server(party.answer)

    @property
    def url(self) -> str:
        """Its address."""
        return self._server.url

    def __enter__(self) -> Self:
        """Serve."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Serve nobody any more."""
        self._server.__exit__()

    def start(self) -> None:
        """Serve, with the books as they are."""
        self._server.__enter__()
        self.is_up = True

    def kill(self, within_s: float) -> None:
        """Lose it, in the middle of the next answer within so long: what was asked and not done is never done."""
        self.is_up = False
        self.halved += self._server.kill(within_s)
        with self.party.lock:
            self.party.life += 1
