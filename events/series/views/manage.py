"""Series for those who plan: begin one, put meetings in it, go on with it."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import me, staff
from accounts.models import Authority
from accounts.rules import PLAN
from core.clock import now, today
from core.db import db
from core.errors import Refusal
from core.i18n import day_iso
from core.web import act, found, handle
from events.models import Event
from events.queries.manage import find_event
from events.series import queries, services
from events.series.forms import ForwardForm, JoinForm, SeriesForm
from events.series.models import EventSeries
from events.series.rules import Proposed, Rhythm, every_weeks, monthly, proposed
from events.times import wall
from events.views.blueprint import bp

AT = "/arbeta/serier/<id:series_id>"


@bp.get("/arbeta/serier")
@staff(PLAN)
def all_series() -> str:
    """The series of one's authorities."""
    ids = [authority.id for authority in me().authorities_with(PLAN)]
    return render_template("events/series/all.html", rows=queries.of_authorities(db.session, ids))


@bp.route("/arbeta/serier/ny", methods=["GET", "POST"])
@staff(PLAN)
def new_series() -> ResponseReturnValue:
    """Begin a series."""
    authorities = me().authorities_with(PLAN)
    form = SeriesForm(None, authorities)

    def make() -> str:
        made = services.create_series(
            db.session, _authority(form, authorities), facts=form.facts(), by=me(), now=now()
        )
        flash(_("Serien är sparad. Lägg in mötena."))
        return url_for("events.edit_series", series_id=made.id)

    return handle(form, make, lambda: render_template("events/series/new.html", form=form))


@bp.route(AT, methods=["GET", "POST"])
@staff(PLAN, series=queries.find_series)
def edit_series(series: EventSeries) -> ResponseReturnValue:
    """The meetings of a series, and what it is called."""
    id_, form = series.id, SeriesForm(series)

    def save() -> str:
        services.change_series(
            db.session, _again(id_), facts=form.facts(), version=form.version.data, by=me(),
            now=now(),
        )  # fmt: skip
        flash(_("Serien är sparad."))
        return url_for("events.edit_series", series_id=id_)

    def show() -> str:
        return _page(series, form, JoinForm(_choices(series)))

    return handle(form, save, show)


@bp.post(f"{AT}/lagg-till")
@staff(PLAN, series=queries.find_series)
def join_series(series: EventSeries) -> ResponseReturnValue:
    """Put one of the authority's events in the series."""
    id_, form = series.id, JoinForm(_choices(series))

    def join() -> str:
        event = found(find_event(int(form.event.data)))
        services.join(db.session, _again(id_), event, by=me(), now=now())
        flash(_("%(title)s hör nu till serien.", title=event.title))
        return url_for("events.edit_series", series_id=id_)

    return handle(form, join, lambda: _page(series, SeriesForm(series), form))


@bp.post("/arbeta/evenemang/<id:event_id>/ur-serien")
@staff(PLAN, event=find_event)
def leave_series(event: Event) -> ResponseReturnValue:
    """Take a meeting out of its series."""
    event_id, series_id = event.id, event.series_id

    def leave() -> str:
        if series_id is None:
            raise Refusal(_("Evenemanget hör inte till någon serie."))
        services.leave(db.session, db.session.get_one(Event, event_id), by=me(), now=now())
        flash(_("Mötet är taget ur serien. Det finns kvar som eget evenemang."))
        return url_for("events.edit_series", series_id=series_id)

    return act(leave)


@bp.route(f"{AT}/fortsatt", methods=["GET", "POST"])
@staff(PLAN, series=queries.find_series)
def go_on_with_series(series: EventSeries) -> ResponseReturnValue:
    """The next meetings like the last: see the days first, change them, then make the drafts."""
    id_ = series.id
    meetings = queries.meetings(db.session, id_)
    last = meetings[-1] if meetings else None
    form = ForwardForm(data=_wished(last))

    def make() -> str:
        if last is None:
            raise Refusal(_("Serien har inget möte att fortsätta från. Lägg in ett först."))
        made = services.go_on(
            db.session, _again(id_), db.session.get_one(Event, last.id), starts=form.starts,
            by=me(), now=now(),
        )  # fmt: skip
        flash(ngettext("%(num)s utkast är skapat.", "%(num)s utkast är skapade.", len(made)))
        return url_for("events.edit_series", series_id=id_)

    def show() -> str:
        return render_template(
            "events/series/go_on.html", series=series, last=last, form=form,
            days=_proposed(form, list(meetings)),
        )  # fmt: skip

    return handle(form, make, show)


def _wished(last: Event | None) -> dict[str, Any]:
    """What the address asks for, and the days that follow from it."""
    rhythm = request.args.get("hur", "")
    wished: dict[str, Any] = {
        "rhythm": rhythm if rhythm in set(Rhythm) else Rhythm.WEEKS.value,
        "weeks": _number("veckor", 4, 26),
        "number": _number("antal", 5, 12),
        "begins": wall(last.starts).time() if last else None,
    }
    if last is not None and wished["rhythm"] != Rhythm.DATES:
        day = wall(last.starts).date()
        days = (
            every_weeks(day, wished["weeks"], wished["number"])
            if wished["rhythm"] == Rhythm.WEEKS
            else monthly(day, wished["number"])
        )
        wished["dates"] = "\n".join(day_iso(one) for one in days)
    return wished


def _number(name: str, usual: int, most: int) -> int:
    text = request.args.get(name, "")
    return (
        min(max(1, int(text)), most)
        if text.isascii() and text.isdigit() and len(text) < 4
        else usual
    )


def _proposed(form: ForwardForm, meetings: list[Event]) -> list[Proposed]:
    taken = {wall(one.starts).date() for one in meetings}
    return proposed(form.days(), taken=taken, today=today())


def _page(series: EventSeries, form: SeriesForm, joining: JoinForm) -> str:
    return render_template(
        "events/series/edit.html", series=series, form=form, joining=joining,
        meetings=queries.meetings(db.session, series.id),
    )  # fmt: skip


def _choices(series: EventSeries) -> list[tuple[str, str]]:
    return [
        (str(row.id), f"{day_iso(row.starts)} {row.title}")
        for row in queries.outside(db.session, series.authority_id)
    ]


def _authority(form: SeriesForm, authorities: list[Authority]) -> Authority:
    if "authority" not in form:
        return authorities[0]
    return next(one for one in authorities if one.slug == form.authority.data)


def _again(series_id: int) -> EventSeries:
    return db.session.get_one(EventSeries, series_id)
