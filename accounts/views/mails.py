"""The mails sent in the authority's name: what, to whom, when, and whether it came through."""

import re

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import queries, services
from accounts.forms import AddressForm
from accounts.gate import me, staff
from accounts.rules import PLAN
from accounts.views.blueprint import bp
from core.clock import now
from core.db import db
from core.mail import Letter, Quarantined
from core.outbox.models import Outbox
from core.outbox.worker import compose
from core.web import handle, page_number

SECRET = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


@bp.get("/arbeta/post")
@staff(PLAN)
def mails() -> str:
    """What has been sent, failed first."""
    page = page_number()
    authorities = [authority.id for authority in me().authorities_with(PLAN)]
    rows, pages = queries.mails(db.session, authorities, page)
    return render_template("accounts/mails.html", rows=rows, page=page, pages=pages)


@bp.route("/arbeta/post/<id:mail_id>", methods=["GET", "POST"])
@staff(PLAN, mail=queries.find_mail)
def mail(mail: Outbox) -> ResponseReturnValue:
    """One mail as the receiver reads it, without secret links; a failed one goes out again."""
    form = AddressForm(data={"to": mail.recipient})

    def correct() -> str:
        services.correct_mail(db.session, mail, to=form.to.data, by=me(), now=now())
        flash(_("Mejlet skickas igen till %(to)s.", to=form.to.data))
        return url_for("accounts.mails")

    def show() -> str:
        letter, text = _read(mail)
        return render_template("accounts/mail.html", form=form, mail=mail, letter=letter, text=text)

    return handle(form, correct, show)


def _read(mail: Outbox) -> tuple[Letter | None, str]:
    """The letter as things stand now, and its text with the secrets of links left out."""
    try:
        composed = compose(mail)
    except (Quarantined, KeyError):
        return None, ""
    if composed is None:
        return None, ""
    letter, message = composed
    body = message.get_body(("plain",))
    return letter, SECRET.sub("…", body.get_content() if body else "")
