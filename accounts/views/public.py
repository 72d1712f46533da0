"""Sign in and out."""

import re
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import queries, services
from accounts.forms import SignInForm
from accounts.gate import current_user
from accounts.rules import (
    SESSION_LIFE,
    SIGN_IN_PER_ACCOUNT,
    SIGN_IN_PER_ACCOUNT_AND_PLACE,
    SIGN_IN_PER_ADDRESS,
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


@bp.route("/logga-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail address and password."""
    form = SignInForm(data={"next": request.args.get("next", "")})
    if request.method == "GET":
        if current_user():
            return redirect(_local(form.next.data))
        return render_template("accounts/sign_in.html", form=form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    if not write(lambda: _within_limits(form.email.data)):
        return page(429, _("För många försök att logga in. Vänta en kvart och försök igen."))
    user = queries.user_by_email(db.session, form.email.data)
    if not services.password_is_right(user, form.password.data):
        form.refuse(Refusal(_("E-postadressen eller lösenordet stämmer inte.")))
        return render_template("accounts/sign_in.html", form=form), 422
    assert user is not None
    token = write(lambda: services.sign_in(db.session, user, now=now()))
    response = current_app.make_response(redirect(_local(form.next.data), 303))
    _set_cookie(response, token, int(SESSION_LIFE.total_seconds()))
    return csrf.renew(response)


@bp.post("/logga-ut")
@public
def sign_out() -> ResponseReturnValue:
    """End the session, here and in the database."""
    token = request.cookies.get(cookie_name(current_app, "samling"), "")
    write(lambda: services.sign_out(db.session, token, now=now()))
    flash(_("Du är utloggad."))
    response = current_app.make_response(redirect(url_for("accounts.sign_in"), 303))
    _set_cookie(response, "", 0)
    return csrf.renew(response)


def _within_limits(email: str) -> bool:
    """Count the try: per place, per account and place, and (high) per account.

    The low limits name the place, so that nobody can lock somebody else out (case S6).
    """
    place = request.remote_addr or "?"
    account = crypto.digest(clean_line(email).lower())[:16]
    limits = [
        (f"sign-in:{place}", SIGN_IN_PER_ADDRESS * 3),
        (f"sign-in:{place}:{account}", SIGN_IN_PER_ACCOUNT_AND_PLACE * 2),
        (f"sign-in:*:{account}", SIGN_IN_PER_ACCOUNT * 4),
    ]
    tries = [
        throttle.hit(db.session, subject, limit=limit, per=SIGN_IN_WINDOW, now=now())
        for subject, limit in limits
    ]
    return all(tries)


def _local(address: str | None) -> str:
    """`address` where it is a path of ours, else the start of the workspace."""
    home = url_for("events.work")
    text = address or ""
    if not re.fullmatch(r"/(?![/\\])[A-Za-z0-9/_.~?&=%+:-]*", text) or "//" in text:
        return home
    parts = urlsplit(text)
    return text if not parts.netloc and not parts.scheme and "%2f" not in text.lower() and "%5c" not in text.lower() else home


def _set_cookie(response: Response, value: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(current_app, "samling"),
        value,
        max_age=seconds,
        secure=current_app.config["HTTPS"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
