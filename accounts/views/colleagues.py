"""Who works at the authority: list, add, change roles, close an account."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import queries, services
from accounts.forms import ResetForm, RolesForm, UserForm
from accounts.gate import me, staff
from accounts.models import Authority, User
from accounts.rules import ADMIN, Role
from accounts.views.blueprint import bp
from core.clock import now
from core.db import db
from core.web import act, found, handle

HERE = "/arbeta/myndighet/<id:authority_id>/kollegor"


@bp.get(HERE)
@staff(ADMIN, authority=queries.find_authority)
def colleagues(authority: Authority) -> str:
    """Everybody with a role in the authority."""
    people = queries.colleagues(db.session, authority)
    return render_template("accounts/colleagues.html", authority=authority, people=people)


@bp.route(f"{HERE}/ny", methods=["GET", "POST"])
@staff(ADMIN, authority=queries.find_authority)
def add_colleague(authority: Authority) -> ResponseReturnValue:
    """Add somebody with roles and a temporary password."""
    form = UserForm()
    sealed = ""

    def seal() -> None:
        nonlocal sealed
        sealed = services.hash_password(form.password.data)

    def add() -> str:
        new = services.add_colleague(
            db.session, authority, email=form.email.data, name=form.name.data,
            roles={Role(role) for role in form.roles.data}, password_hash=sealed, by=me(),
            now=now(),
        )  # fmt: skip
        if new:
            flash(
                _("%(name)s kan nu logga in med det tillfälliga lösenordet.", name=form.name.data)
            )
        else:
            flash(_("Personen hade redan ett konto: lösenordet är det som hen har sedan förut."))
        return url_for("accounts.colleagues", authority_id=authority.id)

    def show() -> str:
        return render_template("accounts/colleague_new.html", form=form, authority=authority)

    return handle(form, add, show, prepare=seal)


@bp.route(f"{HERE}/<id:user_id>", methods=["GET", "POST"])
@staff(ADMIN, authority=queries.find_authority)
def colleague(authority: Authority, user_id: int) -> ResponseReturnValue:
    """One colleague's roles here; without any the person no longer works here."""
    user = _colleague(authority, user_id)
    form = RolesForm(data={"roles": sorted(user.roles_in(authority.id)), "version": user.version})

    def save() -> str:
        services.set_roles(
            db.session, user, authority=authority, roles={Role(role) for role in form.roles.data},
            version=form.version.data, by=me(), now=now(),
        )  # fmt: skip
        flash(_("Rollerna för %(name)s är ändrade.", name=user.name))
        return url_for("accounts.colleagues", authority_id=authority.id)

    def show() -> str:
        return render_template("accounts/colleague.html", form=form, authority=authority, user=user)

    return handle(form, save, show)


@bp.route(f"{HERE}/<id:user_id>/losenord", methods=["GET", "POST"])
@staff(ADMIN, authority=queries.find_authority)
def reset_password(authority: Authority, user_id: int) -> ResponseReturnValue:
    """Give a colleague a temporary password."""
    user, form = _colleague(authority, user_id), ResetForm()
    sealed = ""

    def seal() -> None:
        nonlocal sealed
        sealed = services.hash_password(form.password.data)

    def save() -> str:
        services.reset_password(
            db.session, user, authority=authority, password_hash=sealed, by=me(), now=now()
        )
        flash(_("%(name)s har fått ett tillfälligt lösenord.", name=user.name))
        return url_for("accounts.colleagues", authority_id=authority.id)

    def show() -> str:
        return render_template("accounts/reset.html", form=form, authority=authority, user=user)

    return handle(form, save, show, prepare=seal)


@bp.post(f"{HERE}/<id:user_id>/konto")
@staff(ADMIN, authority=queries.find_authority)
def open_account(authority: Authority, user_id: int) -> ResponseReturnValue:
    """Close a colleague's account, or open it again."""
    user = _colleague(authority, user_id)
    is_open = request.form.get("open") == "yes"

    def save() -> str:
        services.set_open(
            db.session, user, authority=authority, is_open=is_open, by=me(), now=now()
        )
        said = _("Kontot är öppet igen.") if is_open else _("Kontot är stängt.")
        flash(said)
        return url_for("accounts.colleagues", authority_id=authority.id)

    return act(save)


def _colleague(authority: Authority, user_id: int) -> User:
    return found(queries.colleague(db.session, authority, user_id))
