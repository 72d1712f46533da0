"""The participant says that the address is theirs."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.clock import now
from core.db import db
from core.errors import Refusal
from core.policy import link
from core.web import act, found
from registrations.bots import services
from registrations.models import Registration
from registrations.views.blueprint import bp
from registrations.views.mine import no_link, own_registration


@bp.post("/min-anmalan/bekrafta")
@link
def prove_mine() -> ResponseReturnValue:
    """Confirm a registration that was held until now. (Opening the link changed nothing.)"""
    person = own_registration()
    if person is None:
        return no_link()

    def action() -> str:
        services.prove(db.session, found(db.session.get(Registration, person.id)), now=now())
        return url_for("registrations.mine")

    try:
        answer = act(action)
    except Refusal as refusal:
        flash(str(refusal))
        return redirect(url_for("registrations.mine"), 303)
    if getattr(answer, "status_code", 0) == 303:
        flash(_("Tack, din anmälan är bekräftad. Vi har mejlat hur det står till."))
    return answer
