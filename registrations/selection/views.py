"""From the list to what is done with it: ask with the number and the names, do it, tell of it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import me, staff
from accounts.rules import PLAN
from core import crypto
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.web import found, handle
from events.models import Event
from events.queries.manage import find_event
from registrations.protection import shown
from registrations.queries.lists import Wanted
from registrations.selection import queries, services, words
from registrations.selection.forms import FORMS, SelectedForm
from registrations.selection.models import SelectionRun
from registrations.selection.rules import NAMED, Action, Covers, concerns
from registrations.views.asked import TICKED, filter_query, one_of, ticked, wanted_of
from registrations.views.blueprint import bp

PATH = "/arbeta/evenemang/<id:event_id>/deltagare/valda"


def find_run(run_id: int) -> SelectionRun | None:
    """The run of that number, whosesoever it is (the gate asks)."""
    return queries.find_run(db.session, run_id)


@bp.route(PATH, methods=["GET", "POST"])
@staff(PLAN, event=find_event)
def selected(event: Event) -> ResponseReturnValue:
    """Ask before it is done, with the number and the first names; then do it, once."""
    wanted, back = _wanted(event)
    asked = request.args.get("gor", "")
    if asked in ELSEWHERE and wanted is not None:
        return redirect(ELSEWHERE[asked](event, wanted))
    action = one_of(Action, asked)
    if wanted is None or action is None:
        return _nothing(event, back)
    form = FORMS[action]()

    def do() -> str:
        here, people = db.session.get_one(Event, event.id), _people(event, wanted)
        if form.seen.data != _digest(action, people):
            raise Refusal(
                ngettext(
                    "Urvalet har ändrats och är nu %(num)s person. Läs igenom och tryck igen.",
                    "Urvalet har ändrats och är nu %(num)s personer. Läs igenom och tryck igen.",
                    len(people),
                )
            )
        run, job = services.begin(
            db.session, here, action=action, reason=_reason(form), people=people,
            by=me(), now=now(),
        )  # fmt: skip
        if job is not None:
            return url_for("jobs.show", job_id=job.id)
        flash(_said(run))
        return url_for("registrations.selected_done", event_id=event.id, selection_id=run.id)

    return handle(form, do, lambda: _ask(event, action, wanted, form, back))


@bp.get(f"{PATH}/<id:selection_id>")
@staff(PLAN, event=find_event, selection=find_run)
def selected_done(event: Event, selection: SelectionRun) -> str:
    """What was done, and with whom it could not be done and why."""
    run = found(selection if selection.event_id == event.id else None)
    left = queries.left_over(db.session, run)
    return render_template(
        "registrations/selection/done.html",
        event=event,
        tab="participants",
        run=run,
        said=_said(run),
        left=[(shown(one) if one is not None else None, why) for one, why in left],
    )


def _wanted(event: Event) -> tuple[Wanted | None, str]:
    """What the address selects (None: nothing), and the address of the list it came from."""
    filtered, _choices = wanted_of(event, request.args)
    covers = one_of(Covers, request.args.get("galler", Covers.TICKED.value))
    back = url_for("registrations.participants", event_id=event.id, **filter_query(filtered))
    if covers is Covers.ALL:
        return filtered, back
    ids = ticked(request.args, "rad" if covers is Covers.TICKED else "pa_sidan")
    return (Wanted(ids=ids, openly=True) if ids else None), back


def _people(event: Event, wanted: Wanted) -> Any:
    return queries.selected(db.session, event.id, wanted)


def _digest(action: Action, people: Any) -> str:
    ids = sorted(one.id for one in people)
    return crypto.digest(f"{action.value}:{ids}")[:32]


def _ask(event: Event, action: Action, wanted: Wanted, form: SelectedForm, back: str) -> str:
    people = _people(event, wanted)
    if not people:
        return _nothing(event, back)
    form.seen.data = _digest(action, people)
    others = sum(not concerns(action, one.status) for one in people)
    return render_template(
        "registrations/selection/ask.html",
        event=event,
        tab="participants",
        form=form,
        action=action,
        button=words.do_it(action, len(people)),
        follows=words.what_follows(action),
        number=len(people),
        others=words.not_concerned(action, others) if others else "",
        first=[shown(one) for one in people[:NAMED]],
        back=back,
    )


def _nothing(event: Event, back: str) -> str:
    return render_template(
        "registrations/selection/nothing.html", event=event, tab="participants", back=back
    )


def _said(run: SelectionRun) -> str:
    return words.done(run.action, run.done)


def _reason(form: SelectedForm) -> str:
    return str(form["reason"].data) if "reason" in form else ""


def _mailing(event: Event, wanted: Wanted) -> str:
    """The page that writes to the same people: by filter where it knows it, else one by one."""
    query: dict[str, Any] = filter_query(wanted)
    if wanted.text or wanted.ids:
        people = _people(event, wanted)
        if len(people) > TICKED:
            abort(
                400,
                _(
                    "Det är för många för ett utskick till dem en och en. "
                    "Välj med filter i stället för med sökord."
                ),
            )
        query = {
            "vald": ",".join(str(one.id) for one in people),
            "status": sorted({one.status.value for one in people}),
        }
    return url_for("registrations.mailing_new", event_id=event.id, **query)


ELSEWHERE = {"utskick": _mailing}
