"""Lists and badges. Whatever holds names is made by a POST, after a line in the log."""

import dataclasses
from collections.abc import Callable

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import may, me, staff
from accounts.rules import DOOR, EVERYBODY, NEEDS, PEOPLE, PLAN
from core.clock import now
from core.db import db, write
from core.errors import Refusal
from core.web import download, require_key
from events.models import Event
from events.queries.manage import find_event
from registrations import needs as sensitive
from registrations.papers import badges, lists, queries, sheets, work
from registrations.papers.forms import BadgeForm, ListForm, asked
from registrations.papers.rules import (
    LONG_BADGES,
    LONG_LIST,
    LONG_PDF,
    MOST_PICKED,
    SHEETS,
    Format,
    Level,
    Wanted,
    WantedList,
    Who,
)
from registrations.papers.services import note_badges, note_fetched
from registrations.papers.tables import File
from registrations.protection import Person, shown
from registrations.queries import wishes
from registrations.views.asked import ticked
from registrations.views.blueprint import bp

PATH = "/arbeta/evenemang/<id:event_id>/listor"
BADGES = "/arbeta/evenemang/<id:event_id>/brickor"


@bp.get(PATH)
@staff(EVERYBODY, event=find_event)
def papers(event: Event) -> str:
    """Every list there is, with a sentence on who may see it."""
    return _page(event, ListForm())


@bp.post(f"{PATH}/deltagare")
@staff(PEOPLE, event=find_event)
def papers_list(event: Event) -> ResponseReturnValue:
    """The list for the participants, or the complete one for those who work here."""
    internal = request.form.get("level") == Level.INTERNAL.value
    return _list(event, Level.INTERNAL if internal else Level.PARTICIPANTS, "papers.list")


@bp.post(f"{PATH}/utdrag")
@staff(PLAN, event=find_event)
def papers_register(event: Event) -> ResponseReturnValue:
    """What is given to whoever asks for the public document."""
    return _list(event, Level.REGISTER, "papers.register")


@bp.post(f"{PATH}/dorren")
@staff(DOOR, event=find_event)
def papers_door(event: Event) -> ResponseReturnValue:
    """The list to tick on paper, of the event or of one item."""
    require_key()
    items = {str(item.id): item for item in queries.chosen_items(db.session, event.id)}
    item = items.get(request.form.get("item", ""))
    item_id = item.id if item else None
    number = len(queries.at_the_door(db.session, event.id, item_id))
    return _hand_out(
        event, "papers.door", number, LONG_PDF, work.DOOR, {"item": item_id},
        lambda: sheets.door_list(db.session, event, item),
    )  # fmt: skip


@bp.get(f"{PATH}/koket.pdf")
@staff(NEEDS, event=find_event)
def papers_kitchen(event: Event) -> Response:
    """How many eat what. Numbers only, so nothing is logged."""
    return _download(sheets.kitchen_sheet(event, wishes.kitchen(db.session, event.id)))


@bp.post(f"{PATH}/behov")
@staff(NEEDS, event=find_event)
def papers_needs(event: Event) -> ResponseReturnValue:
    """Who needs what to take part, for the officer who sees to it: each look is logged first."""
    require_key()

    def look() -> list[tuple[Person, str]]:
        here, moment = db.session.get_one(Event, event.id), now()
        people = wishes.with_access_needs(db.session, event.id)
        texts = sensitive.read(db.session, people, by=me(), now=moment)
        note_fetched(
            db.session, here, action="papers.needs", by=me(), now=moment, number=len(people)
        )
        return [(shown(person), texts[person.id]["access"]) for person in people]

    people = write(look)
    return _download(sheets.needs_list(db.session.get_one(Event, event.id), people))


@bp.get(BADGES)
@staff(DOOR, event=find_event)
def badges_page(event: Event) -> ResponseReturnValue:
    """How the badges are to look, with a picture of the first sheet."""
    form = _badge_form(event)
    good = form.validate()
    return _badges_page(event, form, form.wanted() if good else None), 200 if good else 422


@bp.get(f"{BADGES}/ark.png")
@staff(DOOR, event=find_event)
def badges_picture(event: Event) -> ResponseReturnValue:
    """The first sheet as a picture."""
    form = _badge_form(event)
    if not form.validate():
        return Response(status=400)
    body = badges.picture(db.session, event, form.wanted())
    return Response(body, mimetype="image/png")


@bp.post(BADGES)
@staff(DOOR, event=find_event)
def badges_made(event: Event) -> ResponseReturnValue:
    """The badges as a PDF; it is remembered who has one."""
    require_key()
    form = _badge_form(event)
    if not form.validate():
        return _badges_page(event, form, None), 422
    wanted = form.wanted()
    try:
        made, address = write(lambda: _note_badges(event.id, wanted))
    except Refusal as refusal:
        form.refuse(refusal)
        return _badges_page(event, form, None), 422
    if address:
        return redirect(address, 303)
    return _download(badges.file(db.session, db.session.get_one(Event, event.id), made))


def _note_badges(event_id: int, wanted: Wanted) -> tuple[Wanted, str]:
    """Remember whose badges are made now; what to make, and the job's address if they are many."""
    event, moment = db.session.get_one(Event, event_id), now()
    rows = badges.chosen(db.session, event_id, wanted)
    if not rows and wanted.who is not Who.BLANK:
        raise Refusal(_("Ingen behöver en bricka med det du har valt. Välj andra."), "vilka")
    titles = queries.choices(db.session, event_id)
    note_badges(db.session, event, rows, wanted=wanted, titles=titles, by=me(), now=moment)
    if wanted.who in {Who.NEW, Who.SOME}:
        # From now on they are new no longer; and who else fits is not asked again.
        wanted = dataclasses.replace(
            wanted, who=Who.SOME, ids=tuple(row.id for row in rows), text="", sector="", county="",
            item=None, came=None,
        )  # fmt: skip
    number = len(rows) or wanted.blanks
    if number <= LONG_BADGES or not may(PLAN, event.authority_id):
        return wanted, ""
    job = work.start(
        db.session, event, kind=work.BADGES, payload=work.of_badges(wanted), total=number,
        by=me(), now=moment,
    )  # fmt: skip
    return wanted, url_for("jobs.show", job_id=job.id)


def _list(event: Event, level: Level, action: str) -> ResponseReturnValue:
    require_key()
    form = ListForm()
    if not form.validate():
        return _page(event, form), 422
    wanted: WantedList = form.wanted(level)
    number, _protected = queries.listed_count(db.session, event.id, wanted)
    long = LONG_PDF if wanted.format is Format.PDF else LONG_LIST
    return _hand_out(
        event, action, number, long, work.LIST, work.of_list(wanted),
        lambda: lists.participants(db.session, event, wanted),
    )  # fmt: skip


def _hand_out(
    event: Event, action: str, number: int, long: int, kind: str, payload: dict[str, object],
    make: Callable[[], File],
) -> ResponseReturnValue:  # fmt: skip
    """Log that a list of `number` rows leaves the house, then make it: at once, or as a job.

    Only those who plan can fetch what a job has made; the others wait for the answer.
    """
    as_job = number > long and may(PLAN, event.authority_id)

    def note() -> str:
        here, moment = db.session.get_one(Event, event.id), now()
        note_fetched(
            db.session, here, action=action, by=me(), now=moment, number=number,
            **{name: value for name, value in payload.items() if value},
        )  # fmt: skip
        if not as_job:
            return ""
        job = work.start(
            db.session, here, kind=kind, payload=payload, total=number, by=me(), now=moment
        )
        return url_for("jobs.show", job_id=job.id)

    address = write(note)
    return redirect(address, 303) if address else _download(make())


def _download(file: File) -> Response:
    return download(file.body, filename=file.filename, mimetype=file.mimetype)


def _page(event: Event, form: ListForm) -> str:
    return render_template(
        "registrations/papers/papers.html",
        event=event,
        tab=_tab(event),
        form=form,
        counts=queries.counts(db.session, event.id),
        items=queries.chosen_items(db.session, event.id),
        may_see=_may_see(event),
        with_needs=wishes.access_needs_count(db.session, event.id),
    )


def _badge_form(event: Event) -> BadgeForm:
    given = request.form if request.method == "POST" else request.args
    return BadgeForm(queries.chosen_items(db.session, event.id), ticked(given))


def _badges_page(event: Event, form: BadgeForm, wanted: Wanted | None) -> str:
    rows = badges.chosen(db.session, event.id, wanted) if wanted else []
    number = (wanted.blanks if wanted.who is Who.BLANK else len(rows)) if wanted else 0
    sheet = SHEETS[wanted.sheet] if wanted else None
    pick = []
    if wanted and wanted.who is Who.SOME:
        everybody = dataclasses.replace(wanted, ids=())
        found = badges.chosen(db.session, event.id, everybody, MOST_PICKED)
        pick = [(shown(row), row.id in wanted.ids) for row in found]
    return render_template(
        "registrations/papers/badges.html",
        event=event,
        tab=_tab(event),
        form=form,
        asked=asked(wanted) if wanted else {},
        wanted=wanted,
        number=number,
        sheets=-(-(number + wanted.start - 1) // sheet.places) if wanted and sheet else 0,
        protected=sum(row.protected for row in rows),
        pick=pick,
        may_see=_may_see(event),
    )


def _may_see(event: Event) -> dict[str, bool]:
    groups = {"people": PEOPLE, "plan": PLAN, "door": DOOR, "needs": NEEDS}
    return {name: may(roles, event.authority_id) for name, roles in groups.items()}


def _tab(event: Event) -> str:
    """Those who only stand at the door have no tab for the participants."""
    return "participants" if may(PEOPLE, event.authority_id) else "door"
