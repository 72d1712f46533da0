"""Colleagues, roles, the authority's own facts, one's password."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import services
from accounts.forms import PasswordForm
from accounts.gate import me, staff
from accounts.rules import EVERYBODY
from accounts.views.blueprint import bp
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.web import handle


@bp.route("/arbeta/losenord", methods=["GET", "POST"])
@staff(EVERYBODY)
def password() -> ResponseReturnValue:
    """Change one's password; every open session ends."""
    form = PasswordForm()

    def change() -> str:
        if not services.password_is_right(me(), form.old.data):
            raise Refusal(_("Lösenordet stämmer inte."), "old")
        services.set_password(db.session, me(), password=form.password.data, now=now())
        flash(_("Lösenordet är bytt. Logga in igen."))
        return url_for("accounts.sign_in")

    return handle(form, change, lambda: render_template("accounts/password.html", form=form))


@bp.get("/arbeta/konto")
@staff(EVERYBODY)
def home() -> str:
    """One's own page: who one is and what one may do."""
    return render_template("accounts/home.html")
