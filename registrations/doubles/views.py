"""Likely doubles side by side; make one of two, or say that they are two."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.paging import page_count
from core.reference import SECTOR_WORDS, municipality_name
from core.web import act, found, handle, page_number
from events.models import Event
from events.queries.manage import find_event
from events.words import MODE
from registrations.doubles import queries, services
from registrations.doubles.forms import ONE, OTHER, MergeForm, differing, merge_form
from registrations.doubles.words import WHY
from registrations.models import Registration
from registrations.protection import shown
from registrations.queries import lists
from registrations.rules import seated
from registrations.views.asked import NUMBER
from registrations.views.blueprint import bp
from registrations.words import ROLE_KIND, STATUS

PATH = "/arbeta/evenemang/<id:event_id>/deltagare"
PAIRS = 25  # on a page


def find_registration(registration_id: int) -> Registration | None:
    """The registration of that number, whosesoever it is (the gate asks)."""
    return lists.find_registration(db.session, registration_id)


@bp.get(f"{PATH}/dubbletter")
@staff(PLAN, event=find_event)
def doubles(event: Event) -> str:
    """Those who may have registered twice, in pairs."""
    pairs = queries.likely(db.session, event.id)
    pages = page_count(len(pairs), PAIRS)
    page = min(page_number(), pages)
    here = pairs[(page - 1) * PAIRS : page * PAIRS]
    people = queries.by_number(db.session, {id_ for pair in here for id_ in pair[:2]})
    return render_template(
        "registrations/doubles/list.html",
        event=event,
        tab="participants",
        number=len(pairs),
        pairs=[(people[pair.first], people[pair.second], WHY[pair.why]) for pair in here],
        page=page,
        pages=pages,
        shown=shown,
        page_address=lambda number: url_for(
            "registrations.doubles", event_id=event.id, sida=number
        ),
    )


@bp.route(f"{PATH}/<id:registration_id>/sla-ihop", methods=["GET", "POST"])
@staff(PLAN, event=find_event, registration=find_registration)
def double_merge(event: Event, registration: Registration) -> ResponseReturnValue:
    """Two side by side: which is kept, and which value where they differ."""
    _belongs(registration, event)
    if not request.args.get("med"):
        return redirect(url_for("registrations.doubles", event_id=event.id))
    second = _other(event, request.args.get("med", ""))
    one, other = _order(registration, found(second if second.id != registration.id else None))
    form = merge_form(one, other, _told)()
    form.keep.choices = [(ONE, _place(one)), (OTHER, _place(other))]
    if request.method == "GET":
        form.keep.data, form.versions.data = ONE, f"{one.version},{other.version}"

    def merge() -> str:
        both = [db.session.get_one(Registration, id_) for id_ in (one.id, other.id)]
        facts = {
            name: getattr(both[form[name].data == OTHER], name) for name in differing(*both)
            if name in form
        }  # fmt: skip
        versions = _versions(form)
        if form.keep.data == OTHER:
            both, versions = both[::-1], versions[::-1]
        services.merge(
            db.session, both[0], both[1], facts=facts, versions=versions, by=me(), now=now()
        )
        flash(_("De två är nu en anmälan."))
        return url_for("registrations.participant", event_id=event.id, registration_id=both[0].id)

    return handle(
        form,
        merge,
        lambda: render_template(
            "registrations/doubles/merge.html",
            event=event,
            tab="participants",
            form=form,
            fields=differing(one, other),
            people=[(one, shown(one)), (other, shown(other))],
        ),
    )


@bp.post(f"{PATH}/<id:registration_id>/inte-samma")
@staff(PLAN, event=find_event, registration=find_registration)
def double_apart(event: Event, registration: Registration) -> ResponseReturnValue:
    """They are two persons: not shown as a pair again."""
    _belongs(registration, event)
    other = _other(event, request.form.get("med", ""))

    def part() -> str:
        both = [db.session.get_one(Registration, one.id) for one in (registration, other)]
        services.two_persons(db.session, *both, by=me(), now=now())
        flash(_("De visas inte som dubbletter igen."))
        return url_for("registrations.doubles", event_id=event.id)

    return act(part)


def _belongs(registration: Registration, event: Event) -> None:
    found(
        registration if registration.event_id == event.id and not registration.protected else None
    )


def _other(event: Event, text: str) -> Registration:
    if not NUMBER.fullmatch(text):
        abort(400)
    other = found(find_registration(int(text)))
    _belongs(other, event)
    return other


def _order(first: Registration, second: Registration) -> tuple[Registration, Registration]:
    """The one with a place first, then the one that was there first."""
    one, other = sorted((first, second), key=lambda two: (not seated(two.status), two.id))
    return one, other


def _versions(form: MergeForm) -> tuple[int, int]:
    parts = (form.versions.data or "").split(",")
    if len(parts) != 2 or not all(NUMBER.fullmatch(part) for part in parts):
        abort(400)
    return int(parts[0]), int(parts[1])


def _place(one: Registration) -> str:
    return _(
        "Behåll nummer %(number)s: %(status)s, %(mode)s. Den andra avanmäls.",
        number=one.id, status=STATUS[one.status], mode=MODE[one.mode],
    )  # fmt: skip


def _told(one: Registration, name: str) -> str:
    """What it means to keep the value of that registration."""
    value: Any = getattr(one, name)
    if name == "list_consent":
        return (
            _("Ja, får stå på deltagarlistan (så säger nummer %(number)s)", number=one.id)
            if value
            else _(
                "Nej, får inte stå på deltagarlistan (så säger nummer %(number)s)", number=one.id
            )
        )
    words: dict[str, dict[Any, Any]] = {"sector": SECTOR_WORDS, "role_kind": ROLE_KIND}
    said = str(words[name][value]) if name in words else value
    said = municipality_name(value) if name == "municipality" else said
    if not said:
        return _("Lämna tomt (som nummer %(number)s)", number=one.id)
    return _("Behåll ”%(value)s” (från nummer %(number)s)", value=said, number=one.id)
