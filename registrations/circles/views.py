"""The list of a series, for those who plan it."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.web import act
from events.models import Event
from events.series.models import EventSeries
from events.series.queries import find_series
from registrations.circles import queries, services
from registrations.circles.models import SeriesInvitation
from registrations.views.blueprint import bp

AT = "/arbeta/serier/<id:series_id>/inbjudna"


@bp.get(AT)
@staff(PLAN, series=find_series)
def series_list(series: EventSeries) -> str:
    """Who is asked to every meeting."""
    return render_template(
        "registrations/circles/asked.html",
        series=series, asked=queries.asked(db.session, series.id),
        meetings=queries.with_lists(db.session, series.id),
    )  # fmt: skip


@bp.post(f"{AT}/ta-over")
@staff(PLAN, series=find_series)
def take_over_list(series: EventSeries) -> ResponseReturnValue:
    """Take the list of a meeting over to the series."""
    id_, chosen = series.id, request.form.get("event", "")

    def take() -> str:
        event = None
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 10:
            event = db.session.get(Event, int(chosen))
        if event is None:
            raise Refusal(_("Välj ett av seriens möten."))
        number = services.take_over(
            db.session, db.session.get_one(EventSeries, id_), event, by=me(), now=now()
        )
        flash(
            ngettext(
                "%(num)s organisation står på seriens lista.",
                "%(num)s organisationer står på seriens lista.",
                number,
            )
        )
        return url_for("registrations.series_list", series_id=id_)

    return act(take)


@bp.post("/arbeta/serier/inbjudna/<id:asked_id>/ta-bort")
@staff(PLAN, asked=queries.find_asked)
def remove_from_series(asked: SeriesInvitation) -> ResponseReturnValue:
    """Take an organisation off the list."""
    id_, series_id, name = asked.id, asked.series_id, asked.organisation.name

    def remove() -> str:
        services.remove(db.session, db.session.get_one(SeriesInvitation, id_), by=me(), now=now())
        flash(_("%(name)s är borttagen från listan.", name=name))
        return url_for("registrations.series_list", series_id=series_id)

    return act(remove)
