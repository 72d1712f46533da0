"""No change without a token from one of our own pages, and none across sites."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, request

from core import crypto
from core.settings import cookie_name

V = TypeVar("V", bound=Callable[..., Any])
SAFE = {"GET", "HEAD", "OPTIONS"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}  # the whole body of such a request (RFC 8058)


def init_app(app: Flask) -> None:
    """Check every unsafe request; give templates `csrf_token()`."""
    app.before_request(_check)
    app.after_request(_remember)
    app.jinja_env.globals["csrf_token"] = csrf_token


def takes_one_click(view: V) -> V:
    """Declare that a mail program may ask `view` to end a kind of mail (RFC 8058).

    Such a request comes from no page of ours and has no cookie: the secret in the address is what
    lets it in, and it can say nothing but that.
    """
    view.takes_one_click = True  # type: ignore[attr-defined]
    return view


def is_one_click() -> bool:
    """Whether the request is a mail program's, at an address that takes it."""
    view = current_app.view_functions[request.endpoint or ""]
    return hasattr(view, "takes_one_click") and request.form.to_dict() == ONE_CLICK


def csrf_token() -> str:
    """The token for this visitor's forms; bound to a cookie of theirs, not to a session."""
    return crypto.signature("csrf", _visitor(make=True))


def _visitor(*, make: bool) -> str:
    known = request.cookies.get(cookie_name(current_app, "visitor"), "")
    if len(known) == 43:
        return known
    if not make:
        return ""
    if "csrf_visitor" not in g:
        g.csrf_visitor = crypto.new_token()
    return str(g.csrf_visitor)


def renew(response: Response) -> Response:
    """After sign-in and sign-out: tokens handed out before are worth nothing."""
    g.csrf_visitor = crypto.new_token()
    return response


def _check() -> None:
    if request.method in SAFE or request.endpoint is None or is_one_click():
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin and origin != "null" and origin.partition("://")[2] != request.host:
        abort(403)
    visitor = _visitor(make=False)
    if not visitor:
        abort(403)  # before the body is read, which may come a byte at a time
    sent = request.form.get("csrf_token", "")
    if not crypto.same(sent, crypto.signature("csrf", visitor)):
        abort(403)


def _remember(response: Response) -> Response:
    if "csrf_visitor" in g:
        response.set_cookie(
            cookie_name(current_app, "visitor"),
            g.csrf_visitor,
            secure=current_app.config["HTTPS"],
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response
