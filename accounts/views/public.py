"""Sign in and out."""

import re

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import queries, services
from accounts.forms import SignInForm
from accounts.gate import current_user
from accounts.rules import (
    BROWSER_KNOWN,
    SESSION_LIFE,
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_ACCOUNT_AND_BROWSER,
    SIGN_IN_PER_ACCOUNT_AND_PLACE,
    SIGN_IN_PER_PLACE,
    SIGN_IN_WINDOW,
)
from accounts.views.blueprint import bp
from core import crypto, csrf, throttle
from core.clock import now
from core.db import db, write
from core.errors import Refusal, page
from core.policy import public
from core.settings import cookie_name
from core.text import clean_line

LOCAL = re.compile(r"(?:/[A-Za-z0-9_.~-]+)*/?(?:\?[A-Za-z0-9/_.~?&=%+:-]*)?")


@bp.route("/logga-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail address and password."""
    form = SignInForm(data={"next": request.args.get("next", "")})

    def show() -> str:
        return render_template("accounts/sign_in.html", form=form)

    if request.method != "POST":
        return redirect(_local(form.next.data)) if current_user() else show()
    if not form.validate():
        return show(), 422
    if not write(lambda: _within_limits(form.email.data)):
        return page(429, _("För många försök att logga in. Vänta en kvart och försök igen."))
    user = queries.user_by_email(db.session, form.email.data)
    right = services.password_is_right(user, form.password.data)
    if user is None or not right:
        form.refuse(Refusal(_("E-postadressen eller lösenordet stämmer inte.")))
        return show(), 422
    old = request.cookies.get(cookie_name(current_app, "samling"), "")
    token = write(lambda: services.sign_in(db.session, user, instead_of=old, now=now()))
    response = current_app.make_response(redirect(_local(form.next.data), 303))
    _set_cookie(response, "samling", token, int(SESSION_LIFE.total_seconds()))
    _set_cookie(response, "kand", _browser_mark(user.email), int(BROWSER_KNOWN.total_seconds()))
    return csrf.renew(response)


@bp.post("/logga-ut")
@public
def sign_out() -> ResponseReturnValue:
    """End the session, here and in the database."""
    token = request.cookies.get(cookie_name(current_app, "samling"), "")
    write(lambda: services.sign_out(db.session, token, now=now()))
    flash(_("Du är utloggad."))
    response = current_app.make_response(redirect(url_for("accounts.sign_in"), 303))
    _set_cookie(response, "samling", "", 0)
    return csrf.renew(response)


def _within_limits(email: str) -> bool:
    """Count the try; every limit that is counted holds (case S6)."""
    place = request.remote_addr or "?"
    account = clean_line(email).lower()
    key = crypto.digest(account)[:16]
    mark = _browser_mark(account)
    limits = [
        (f"sign-in:{place}", SIGN_IN_PER_PLACE),
        (f"sign-in:{place}:{key}", SIGN_IN_PER_ACCOUNT_AND_PLACE),
    ]
    if crypto.same(request.cookies.get(cookie_name(current_app, "kand"), ""), mark):
        limits = [(f"sign-in:known:{mark}", SIGN_IN_PER_ACCOUNT_AND_BROWSER)]
    else:
        limits.append((f"sign-in:*:{key}", SIGN_IN_PER_ACCOUNT))
    tries = [
        throttle.hit(db.session, subject, limit=limit, per=SIGN_IN_WINDOW, now=now())
        for subject, limit in limits
    ]
    return all(tries)


def _browser_mark(email: str) -> str:
    """What a browser holds where the account of `email` has signed in: proves nothing else."""
    return crypto.signature("known browser", email)


def _local(address: str | None) -> str:
    """`address` where it is a path of ours, else the start of the workspace."""
    text = address or ""
    return text if text and LOCAL.fullmatch(text) else url_for("events.work")


def _set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(current_app, name),
        value,
        max_age=seconds,
        secure=current_app.config["HTTPS"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
