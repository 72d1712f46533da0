"""Say no to more news: a page with one button, and what a mail program asks for by itself."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import crypto
from core.clock import now
from core.csrf import is_one_click, takes_one_click
from core.db import db, write
from core.policy import link
from core.web import act, found
from registrations.mailings import queries, services
from registrations.mailings.letters import opt_out_token
from registrations.mailings.models import MailingRecipient
from registrations.views.blueprint import bp


@bp.route("/utskick/<id:recipient_id>/<token:token>", methods=["GET", "POST"])
@takes_one_click
@link
def opt_out(recipient_id: int, token: str) -> ResponseReturnValue:
    """The page shows what it is about; only a POST ends it, so that no scanner does."""
    recipient = _open(recipient_id, token)

    def end() -> str:
        services.opt_out(db.session, _open(recipient_id, token), now=now())
        return url_for("registrations.opt_out", recipient_id=recipient_id, token=token)

    if is_one_click():
        write(end)
        return Response("", 200)
    if request.method == "POST":
        return act(end)
    return render_template(
        "registrations/mailings/opt_out.html",
        authority=recipient.mailing.event.authority,
        done=queries.is_out(db.session, recipient),
    )


def _open(recipient_id: int, token: str) -> MailingRecipient:
    """The recipient whose link this is, or 404."""
    recipient = found(queries.find_recipient(db.session, recipient_id))
    return found(recipient if crypto.same(token, opt_out_token(recipient)) else None)
