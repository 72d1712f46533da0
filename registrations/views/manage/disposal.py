"""The authority's disposal decisions, and what has been erased by them."""

from typing import Any

from flask import abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.models import Authority
from accounts.rules import ADMIN
from core.clock import now
from core.db import db
from core.web import found, handle
from registrations import disposal
from registrations.forms.manage import DisposalForm
from registrations.rules import DataKind
from registrations.views.blueprint import bp
from registrations.words import DATA_KIND


@bp.route("/arbeta/gallring", methods=["GET", "POST"])
@staff(ADMIN)
def disposal_rules() -> ResponseReturnValue:
    """When each kind of data is erased, by which decision, and what has been erased."""
    authorities = me().authorities_with(ADMIN)
    sent = DisposalForm()

    def save() -> str:
        authority = _one(authorities, sent.authority.data)
        disposal.set_rule(
            db.session, authority, kind=_kind(sent), days=sent.days.data or 0,
            decision_number=sent.decision_number.data, by=me(), now=now(),
        )  # fmt: skip
        flash(_("Beslutet är sparat. Det tillämpas nästa gång gallringen körs."))
        return url_for("registrations.disposal_rules")

    return handle(sent, save, lambda: _page(authorities, sent))


def _page(authorities: list[Authority], sent: DisposalForm) -> str:
    waiting = disposal.due(db.session, now=now())
    mine = {authority.id for authority in authorities}
    return render_template(
        "registrations/manage/disposal.html",
        section="disposal",
        places=[
            (
                authority,
                [_line(authority, kind, sent) for kind in DataKind],
                disposal.runs(db.session, authority.id),
            )
            for authority in authorities
        ],
        due=[one for one in waiting if one.authority.id in mine],
        words=DATA_KIND,
        sent=sent,
    )


def _line(
    authority: Authority, kind: DataKind, sent: DisposalForm
) -> tuple[DataKind, Any, DisposalForm]:
    """The form of one kind: what was just sent and refused, else what holds now."""
    rule = disposal.rule_of(db.session, authority.id, kind)
    if sent.mistakes and (sent.data_kind.data, sent.authority.data) == (kind, str(authority.id)):
        form = sent
    else:
        form = DisposalForm()
        form.process(
            data={
                "data_kind": kind.value,
                "authority": str(authority.id),
                "days": rule.days if rule else disposal.SUGGESTED_DAYS[kind],
                "decision_number": rule.decision_number if rule else "",
            }
        )
    for field in form:
        field.id = f"{field.name}-{authority.id}-{kind.value}"
    return kind, rule, form


def _one(authorities: list[Authority], text: str | None) -> Authority:
    chosen = next((one for one in authorities if str(one.id) == text), None)
    return db.session.get_one(Authority, found(chosen).id)


def _kind(form: DisposalForm) -> DataKind:
    try:
        return DataKind(form.data_kind.data or "")
    except ValueError:
        abort(400)
