"""The hub's cookies, whole: their names with and without TLS, how long they last, and which page may bring one."""

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar.datastructures import Cookie

from common.web.own_pages import cookie, site_of
from common.web.problem import Problem
from hub.api.cookies import own_token, pc_cookie, pc_of, session_cookie, token_of
from hub.sessions import known_pc

HALF_A_DAY_S = 43_200
KEY = Ed25519PrivateKey.generate()


def serving(is_secure: bool = True, address: str = "https://10.0.0.5:8090/") -> Any:
    config = SimpleNamespace(is_secure=is_secure, address=address)
    return SimpleNamespace(config=config, hub_id="hub-1", key=KEY)


def request(origin: str | None = None, **cookies: str) -> Any:
    headers = {} if origin is None else {"origin": origin}
    return SimpleNamespace(headers=headers, cookies={name.replace("_", "-"): value for name, value in cookies.items()})


@pytest.mark.parametrize(("is_secure", "name"), [(True, "__Host-hub-session"), (False, "hub-session")])
def test_the_cookie_of_a_session_lasts_as_long_and_is_taken_away_by_an_empty_one(is_secure: bool, name: str) -> None:
    found = session_cookie(serving(is_secure), "token")
    kept = {"httponly": True, "samesite": "strict", "secure": is_secure}
    assert found == Cookie(name, "/", "token", max_age=HALF_A_DAY_S, **kept)  # type: ignore[arg-type]
    assert (found.value, found.max_age, found.secure, found.httponly) == ("token", HALF_A_DAY_S, is_secure, True)
    gone = session_cookie(serving(is_secure), "")
    assert (gone.key, gone.value, gone.max_age) == (name, "", 0)


def test_the_cookie_of_a_pc_lasts_a_year_and_is_signed_by_this_hub() -> None:
    found = pc_cookie(serving())
    assert (found.key, found.path, found.max_age, found.samesite) == ("__Host-hub-pc", "/", 31_536_000, "strict")
    hubs = {"hub-1": base64.b64encode(KEY.public_key().public_bytes_raw()).decode()}
    assert known_pc.read(found.value, hubs) == (found.value or "").split(".")[1]
    assert pc_cookie(serving()).value != found.value


def test_a_cookie_is_read_by_the_name_under_which_it_was_set() -> None:
    both = {"__Host-hub-session": "secure", "hub-session": "plain", "__Host-hub-pc": "pc", "hub-pc": "plain pc"}
    bare: Any = SimpleNamespace(cookies=both)
    assert (token_of(bare, serving()), pc_of(bare, serving())) == ("secure", "pc")
    assert (token_of(bare, serving(False)), pc_of(bare, serving(False))) == ("plain", "plain pc")
    assert (token_of(request(), serving()), pc_of(request(), serving())) == (None, None)
    assert token_of(request(hub_session=""), serving(False)) is None
    assert token_of(request(hub_session="x" * 201), serving(False)) == "x" * 200


@pytest.mark.parametrize("origin", [None, "https://10.0.0.5:8090"])
def test_a_page_of_this_hub_brings_its_session(origin: str | None) -> None:
    assert own_token(request(origin, hub_session="token"), serving(False)) == "token"


@pytest.mark.parametrize(
    "origin", ["https://10.0.0.5", "http://10.0.0.5:8090", "https://10.0.0.6:8090", "null", "https://10.0.0.5:8090/"]
)
def test_a_page_of_another_origin_is_refused(origin: str) -> None:
    with pytest.raises(Problem) as refused:
        own_token(request(origin, hub_session="token"), serving(False))
    assert (refused.value.status_code, refused.value.code) == (403, "other-origin")
    assert refused.value.detail == "only this hub's own pages may ask for this: open the page at this hub's address"


def test_a_cookie_of_central_may_come_from_a_link() -> None:
    found = cookie("name", "value", path="/office", lasts_s=60, is_secure=False, samesite="lax")
    assert (found.key, found.value, found.path, found.max_age) == ("name", "value", "/office", 60)
    assert (found.secure, found.httponly, found.samesite) == (False, True, "lax")
    assert site_of("https://central.example:444/a/b?c#d") == "https://central.example:444"
