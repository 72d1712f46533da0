"""The organiser's pages of parallel seminars: wishes, how seats are given, placing, moving."""

from datetime import UTC, datetime
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.web import found, handle
from events.models import Event
from events.queries.manage import find_event
from registrations.models import Registration
from registrations.placement import queries, services
from registrations.placement.forms import ApplyForm, MoveForm, SlotsForm, slots_form
from registrations.placement.preview import Preview, preview
from registrations.placement.rules import How, Rule
from registrations.placement.telling import explained, sentence
from registrations.protection import shown
from registrations.queries.lists import find_registration
from registrations.views.blueprint import bp

PATH = "/arbeta/evenemang/<id:event_id>/seminarier"
UNMET = 200  # people whose first choice was not met, shown on the page


def _find(registration_id: int) -> Registration | None:
    return find_registration(db.session, registration_id)


@bp.route(PATH, methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def seminars(event: Event) -> ResponseReturnValue:
    """What people wish, how the seats of each slot are given, and what has been placed."""
    groups = queries.by_group(queries.choosable(db.session, event.id))
    placed = queries.placed_groups(db.session, event.id)
    form = _slots_form(event, groups, placed)

    def save() -> str:
        here = db.session.get_one(Event, event.id)
        services.set_slots(
            db.session, here, how=form.how(), online=form.for_online(), by=me(), now=now()
        )
        flash(_("Sparat. Anmälningsformuläret följer med på en gång."))
        return url_for("registrations.seminars", event_id=event.id)

    def show() -> str:
        runs = queries.runs(db.session, event.id)
        return render_template(
            "registrations/placement/seminars.html", event=event, tab="programme", form=form,
            groups=groups, placed=placed, wishes=queries.wishes(db.session, event.id),
            released=bool(event.releases), runs=runs,
            waiting=queries.waiting_for_placement(db.session, event.id) if placed else 0,
            open=_still_open(event), running=queries.under_way(db.session, event.id),
        )  # fmt: skip

    return handle(form, save, show)


@bp.route(f"{PATH}/fordela", methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def placement(event: Event) -> ResponseReturnValue:
    """See who would get what; then carry it out, if nothing has changed meanwhile."""
    asked = request.form if request.method == "POST" else request.args
    fill, anew = asked.get("fill") == "1", asked.get("anew") == "1"
    rule = Rule.MOST if asked.get("rule") == Rule.MOST else Rule.EARLIEST
    shown_now = preview(db.session, event.id, fill=fill, anew=anew, rule=rule)
    form = ApplyForm()

    def unchanged() -> None:
        if form.seen.data != shown_now.digest:
            raise Refusal(_what_changed(event, str(form.since.data or "")))

    def apply() -> str:
        here = db.session.get_one(Event, event.id)
        run = services.begin(
            db.session, here, shown_now, fill=fill, anew=anew, letters=bool(form.letters.data),
            by=me(), now=now(),
        )  # fmt: skip
        if run.job_id is not None:
            return url_for("jobs.show", job_id=run.job_id)
        flash(_told(run.done, run.missed, letters=run.letters))
        return url_for("registrations.seminars", event_id=event.id)

    def show() -> str:
        form.seen.data, form.since.data = shown_now.digest, now().isoformat()
        form.fill.data, form.anew.data = ("1" if fill else ""), ("1" if anew else "")
        form.rule.data = rule.value
        return _preview_page(event, form, shown_now, fill=fill, anew=anew)

    return handle(form, apply, show, prepare=unchanged)


@bp.route(
    "/arbeta/evenemang/<id:event_id>/deltagare/<id:registration_id>/seminarier",
    methods=["GET", "POST"],
)
@staff(PLAN, event=find_event, registration=_find)
def seminar_move(event: Event, registration: Registration) -> ResponseReturnValue:
    """Give one person another seat by hand, with a reason."""
    found(registration if registration.event_id == event.id else None)
    items = queries.choosable(db.session, event.id)
    seats = queries.seats_of(db.session, registration.id)
    form = MoveForm()
    form.to.choices = [
        *((str(item.id), item.title) for item in items),
        *((f"-{place}", name) for place, name in enumerate(queries.by_group(items))),
    ]

    def move() -> str:
        group, to = _target(str(form.to.data), items)
        person = db.session.get_one(Registration, registration.id)
        services.move(
            db.session, person, group=group, to=to, reason=form.reason.data, by=me(), now=now()
        )
        flash(_("Flytten är sparad."))
        return url_for(
            "registrations.participant", event_id=event.id, registration_id=registration.id
        )

    def show() -> str:
        return render_template(
            "registrations/placement/move.html", event=event, tab="participants", form=form,
            registration=registration, person=shown(registration, openly=True), seats=seats,
            groups=queries.by_group(items), explained=explained(db.session, registration.id),
            wished=queries.wishes_of(db.session, registration.id),
        )  # fmt: skip

    return handle(form, move, show)


def _target(value: str, items: list[queries.Choosable]) -> tuple[str, int | None]:
    """The slot and the item of a choice; "-0" is none of the first slot."""
    if value.startswith("-"):
        return list(queries.by_group(items))[int(value[1:])], None
    return next((item.group, item.id) for item in items if str(item.id) == value)


def _slots_form(
    event: Event, groups: dict[str, list[queries.Choosable]], placed: set[str]
) -> SlotsForm:
    modes = {pool.mode for pool in event.pools if pool.mode}
    data: dict[str, Any] = {
        f"how_{place}": (How.PLACED if name in placed else How.FIRST_COME).value
        for place, name in enumerate(groups)
    }
    data["online"] = [str(item.id) for items in groups.values() for item in items if item.online]
    return slots_form(groups, hybrid=len(modes) > 1)(data=data)


def _still_open(event: Event) -> bool:
    """Whether more may yet wish for something."""
    closes = event.registration_closes
    return closes is not None and closes > now()


def _preview_page(event: Event, form: ApplyForm, made: Preview, *, fill: bool, anew: bool) -> str:
    titles = made.situation.items
    unmet = made.unmet
    people = [
        (
            shown(row),
            [(slot, outcome, sentence(outcome, item, why, titles))
             for slot, item, outcome, why in mine],
        )
        for row, mine in unmet[:UNMET]
    ]  # fmt: skip
    return render_template(
        "registrations/placement/preview.html", event=event, tab="programme", form=form, made=made,
        people=people, unmet=len(unmet), fill=fill, anew=anew, open=_still_open(event),
        lettered=any(run.letters for run in queries.runs(db.session, event.id)),
    )  # fmt: skip


def _what_changed(event: Event, since: str) -> str:
    try:
        at = datetime.fromisoformat(since)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        return _("Läget har ändrats. Här är den nya fördelningen: se över den och försök igen.")
    counted = queries.changed_since(db.session, event.id, at.astimezone(UTC))
    parts = [
        ngettext("%(num)s har anmält sig", "%(num)s har anmält sig", counted["new"])
        if counted["new"] else "",
        ngettext("%(num)s har avanmält sig", "%(num)s har avanmält sig", counted["cancelled"])
        if counted["cancelled"] else "",
        ngettext("%(num)s har ändrat något", "%(num)s har ändrat något", counted["changed"])
        if counted["changed"] else "",
    ]  # fmt: skip
    what = ", ".join(part for part in parts if part) or _("platser eller program är ändrade")
    return _(
        "Läget har ändrats sedan du förhandsgranskade: %(what)s. Inget är sparat. Här är den nya "
        "fördelningen: se över den och försök igen.",
        what=what,
    )


def _told(done: int, missed: int, *, letters: bool) -> str:
    text: str = ngettext(
        "%(num)s person har fått sina seminarier.", "%(num)s personer har fått sina seminarier.",
        done - missed,
    )  # fmt: skip
    if letters:
        text += " " + _("Mejlen är på väg.")
    if missed:
        text += " " + _("%(missed)s fick ändrat läge under tiden: gör en ny fördelning för dem.",
                        missed=missed)  # fmt: skip
    return text
