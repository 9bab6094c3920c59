"""Every failure becomes a problem document: whole answers, and what the log may say of it."""

from typing import Any

import msgspec
import pytest
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from structlog.testing import capture_logs

from common.web import problem as module
from common.web.problem import Problem, answers, on_failure, on_http_error, on_nesting, problem, route_of


def said(response: Response[bytes]) -> tuple[Any, dict[str, Any], dict[str, str], object]:
    return response.status_code, msgspec.json.decode(response.content), dict(response.headers), response.media_type


class Request:
    """As much of a request as is asked for."""

    scope: dict[str, Any] = {"path_template": "/v1/{kiosk:str}", "path_params": {"kiosk": "k" * 100}}  # noqa: RUF012


REQUEST: Any = Request()


def told(status: int, code: str, title: str, detail: str) -> dict[str, Any]:
    return {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail}


def test_a_problem_is_told_whole() -> None:
    found = problem(409, "leads-already", "it leads", more={"term": 7}, headers={"Retry-After": "5"})
    assert said(found) == (
        409,
        told(409, "leads-already", "It cannot be done as things stand", "it leads") | {"term": 7},
        {"Cache-Control": "no-store", "Retry-After": "5"},
        "application/problem+json",
    )
    assert said(problem(418, "x", "y"))[1] == told(418, "x", "It could not be done", "y")


@pytest.mark.parametrize(
    ("error", "body"),
    [
        (Problem(401, "bad-signature", "no"), told(401, "bad-signature", "The request is not authenticated", "no")),
        (HTTPException("gone", status_code=404), told(404, "not-found", "There is nothing here", "gone")),
        (HTTPException("no", status_code=405), told(405, "method-not-allowed", "Not with this method", "no")),
        (HTTPException("x" * 600, status_code=413), told(413, "too-large", "The request is too large", "x" * 500)),
        (HTTPException("no", status_code=400), told(400, "bad-request", "The request cannot be read", "no")),
        (
            ValidationException("bad", extra=[{"key": "a", "message": "b"}, {"message": "c"}]),
            told(400, "bad-request", "The request cannot be read", "a: b; : c"),
        ),
        (ValidationException("bad", extra=[]), told(400, "bad-request", "The request cannot be read", "bad")),
    ],
)
def test_what_is_refused_is_told_with_its_code(error: HTTPException, body: dict[str, Any]) -> None:
    with capture_logs() as logs:
        status, found, _, _ = said(on_http_error(REQUEST, error))
    assert (status, found, logs) == (body["status"], body, [])


def test_headers_of_a_refusal_are_kept() -> None:
    error = Problem(401, "bad-signature", "no", {"WWW-Authenticate": "Signature"})
    assert said(on_http_error(REQUEST, error))[2] == {"Cache-Control": "no-store", "WWW-Authenticate": "Signature"}


@pytest.mark.parametrize("status", [500, 503])
def test_a_failure_is_logged_by_its_place_and_told_to_nobody(status: int) -> None:
    failed = told(500, "failed", "The server failed", "the failure is in the server's log")
    with capture_logs() as logs:
        assert said(on_http_error(REQUEST, HTTPException("secret", status_code=status)))[:2] == (500, failed)
        assert said(on_failure(REQUEST, ZeroDivisionError("secret")))[:2] == (500, failed)
    place = {"event": "request-failed", "log_level": "error", "route": "/v1/{kiosk:str}", "kiosk": "k" * 80}
    assert [{**one, "at": None} for one in logs] == [
        place | {"error": "HTTPException", "at": None},
        place | {"error": "ZeroDivisionError", "at": None},
    ]
    assert "secret" not in repr(logs)


def test_a_refusal_of_ours_with_503_is_no_failure() -> None:
    with capture_logs() as logs:
        assert said(on_http_error(REQUEST, Problem(503, "busy", "later")))[0] == 503
    assert logs == []


def test_what_is_nested_too_deeply_is_a_bad_request() -> None:
    body = told(400, "bad-request", "The request cannot be read", "the JSON is nested too deeply")
    assert said(on_nesting(REQUEST, RecursionError()))[:2] == (400, body)


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ({}, {"route": "none"}),
        ({"path_template": "/t/{id:str}", "path_params": {"id": "secret"}}, {"route": "/t/{id:str}"}),
        ({"path_template": "/x", "path_params": {"kiosk": "kiosk-1"}}, {"route": "/x", "kiosk": "kiosk-1"}),
    ],
)
def test_of_a_path_the_log_has_the_route_and_which_kiosk(scope: dict[str, Any], found: dict[str, str]) -> None:
    assert route_of(scope) == found


def test_the_schema_names_each_error_that_an_operation_gives() -> None:
    found = answers(404, 409)
    assert {status: one.description for status, one in found.items()} == {
        404: "There is nothing here",
        409: "It cannot be done as things stand",
    }
    for one in found.values():
        assert (one.data_container, one.generate_examples) == (module.ProblemDocument, False)
        assert getattr(one.media_type, "value", "") == "application/problem+json"
