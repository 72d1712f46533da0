"""One's own account, the authority's facts and its log."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import queries, services
from accounts.forms import AuthorityForm, PasswordForm
from accounts.gate import me, staff
from accounts.models import Authority
from accounts.rules import ADMIN, EVERYBODY
from accounts.views.blueprint import bp
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.web import handle, page_number


@bp.get("/arbeta/konto")
@staff(EVERYBODY)
def home() -> str:
    """One's own page: who one is and what one may do."""
    places = [
        (authority, me().roles_in(authority.id)) for authority in me().authorities_with(EVERYBODY)
    ]
    return render_template("accounts/home.html", places=places)


@bp.route("/arbeta/losenord", methods=["GET", "POST"])
@staff(EVERYBODY)
def password() -> ResponseReturnValue:
    """Change one's password; every open session ends."""
    form = PasswordForm()
    new = ""

    def check() -> None:
        nonlocal new
        if not services.password_is_right(me(), form.old.data):
            raise Refusal(_("Lösenordet stämmer inte."), "old")
        if form.old.data == form.password.data:
            raise Refusal(_("Välj ett annat lösenord än det du har."), "password")
        new = services.hash_password(form.password.data)

    def change() -> str:
        services.set_password(db.session, me(), password_hash=new, now=now())
        flash(_("Lösenordet är bytt. Logga in igen."))
        return url_for("accounts.sign_in")

    def show() -> str:
        return render_template("accounts/password.html", form=form)

    return handle(form, change, show, prepare=check)


@bp.route("/arbeta/myndighet/<id:authority_id>/uppgifter", methods=["GET", "POST"])
@staff(ADMIN, authority=queries.find_authority)
def authority(authority: Authority) -> ResponseReturnValue:
    """What the authority is called, answers from and is reached at."""
    form = AuthorityForm(obj=authority)

    def save() -> str:
        facts = {name: value for name, value in form.data.items() if name in FACTS}
        services.change_authority(
            db.session, authority, facts=facts, version=form.version.data, by=me(), now=now()
        )
        flash(_("Uppgifterna är sparade."))
        return url_for("accounts.home")

    def show() -> str:
        return render_template("accounts/authority.html", form=form, authority=authority)

    return handle(form, save, show)


FACTS = {"name", "sender_name", "sender_address", "reply_to", "phone", "data_protection_contact"}


@bp.get("/arbeta/myndighet/<id:authority_id>/logg")
@staff(ADMIN, authority=queries.find_authority)
def log(authority: Authority) -> str:
    """Who did what at the authority, newest first."""
    page = page_number()
    entries, pages = queries.log_of_authority(db.session, authority, page)
    return render_template(
        "accounts/log.html", authority=authority, entries=entries, page=page, pages=pages
    )
