"""Who asks on the offices' pages: their own origin, the cookies, and the answers that every page and file bears."""

from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import pytest
from litestar.response import Redirect

from central.offices import sessions
from central.server.api.offices import access
from central.server.api.offices.acts import Done, fault_lines
from common.web.problem import Problem

OPERATOR: Any = SimpleNamespace(name="Rana")
SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def central(public_url: str | None) -> Any:
    return SimpleNamespace(config=SimpleNamespace(public_url=public_url))


def asked(host: str = "", origin: str | None = None, **cookies: str) -> Any:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    return SimpleNamespace(headers=headers, cookies=cookies)


@pytest.mark.parametrize(
    ("public_url", "host", "own"),
    [
        ("https://central.example/base/", "evil.example", "https://central.example"),
        ("http://central.example:8081", "evil.example", "http://central.example:8081"),
        (None, "127.0.0.1:8081", "http://127.0.0.1:8081"),
        (None, "localhost:8081", "http://localhost:8081"),
        (None, "[::1]:8081", "http://[::1]:8081"),
        (None, "evil.example", None),
        (None, "", None),
    ],
)
def test_central_s_own_origin_is_as_it_was_told_or_a_loopback(
    public_url: str | None, host: str, own: str | None
) -> None:
    if own is not None:
        assert access.own_origin(asked(host), central(public_url)) == own
        access.same_origin(asked(host, own), central(public_url))
        for other in ("https://evil.example", "null", None):
            with pytest.raises(Problem) as refused:
                access.same_origin(asked(host, other), central(public_url))
            assert (refused.value.status_code, refused.value.code) == (403, "other-origin")
        return
    with pytest.raises(Problem) as refused:
        access.own_origin(asked(host), central(public_url))
    assert (refused.value.status_code, refused.value.code, refused.value.detail) == (
        403, "no-public-url", "these pages are shown off this machine only where --public-url is given",
    )  # fmt: skip


def as_sent(cookie: Any) -> dict[str, Any]:
    (name, morsel), *_ = SimpleCookie(cookie.to_header(header="")).items()
    told = {"path", "max-age", "secure", "httponly", "samesite", "domain"}
    return {"name": name, "value": morsel.value} | {key: morsel[key] for key in told if morsel[key] not in ("", False)}


@pytest.mark.parametrize(
    ("public_url", "secure"), [("https://c.example", {"secure": True}), ("http://c", {}), (None, {})]
)
def test_cookies_are_read_by_no_script_and_go_to_these_pages_alone(
    public_url: str | None, secure: dict[str, bool]
) -> None:
    own = {"path": "/offices", "httponly": True} | secure
    lasts = str(int(sessions.LASTS.total_seconds()))
    session = {"name": "offices-session", "samesite": "strict"} | own
    assert as_sent(access.session_cookie(central(public_url), "token")) == session | {
        "value": "token",
        "max-age": lasts,
    }
    assert as_sent(access.session_cookie(central(public_url), "")) == session | {"value": "", "max-age": "0"}
    assert as_sent(access.language_cookie(central(public_url), "en")) == {
        "name": "offices-language", "value": "en", "samesite": "lax", "max-age": str(365 * 86_400),
    } | own  # fmt: skip


@pytest.mark.parametrize(("said", "language"), [({}, "ar"), ({"offices-language": "en"}, "en"),
                                                ({"offices-language": "xx"}, "ar")])  # fmt: skip
def test_the_language_is_arabic_before_another_was_chosen(said: dict[str, str], language: str) -> None:
    assert access.language_of(asked(**said)) == language


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.json", "application/json"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.b.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.pdf", "application/pdf"),
    ],
)
def test_a_file_is_kept_under_its_name_as_what_it_is(name: str, kind: str) -> None:
    given = access.download(b"content", name)
    assert (given.content, given.media_type, given.status_code) == (b"content", kind, None)
    assert given.headers == SAFE | {"Content-Disposition": f'attachment; filename="{name}"'}


def test_a_page_is_kept_by_nobody_and_shows_nothing_of_others() -> None:
    page = access.page(b"<p>", 422)
    assert (page.content, page.status_code, page.media_type, page.headers) == (b"<p>", 422, "text/html", SAFE)
    assert access.page(b"").status_code == 200
    redirect = access.to_login()
    assert isinstance(redirect, Redirect)
    assert (redirect.url, redirect.status_code, redirect.headers) == ("/offices/login", 303, SAFE)


def test_faults_are_shown_a_line_each_as_many_and_as_long_as_a_page_bears() -> None:
    assert Done(OPERATOR).faults == []
    assert Done(OPERATOR, fault="one\ntwo").faults == ["one", "two"]
    assert fault_lines("\n".join(["x" * 301] * 51)) == ["x" * 300] * 50
