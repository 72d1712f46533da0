"""What there is to print for the day. From what is released: a draft reaches no door."""

from typing import Any

from flask import Response, abort, render_template
from flask_babel import gettext as _

from accounts.gate import staff
from accounts.rules import PLAN
from core import pdf
from core.db import db
from core.i18n import language
from core.web import download
from events.models import Event, Release
from events.printing import papers
from events.queries import manage, releases
from events.releasing.rules import NOTHING, Content
from events.views.blueprint import bp

PATH = "/arbeta/evenemang/<id:event_id>/program/utskrifter"


@bp.get(PATH)
@staff(PLAN, event=manage.find_event)
def printing(event: Event) -> str:
    """The programme, the doors, the signs."""
    release, content = _released(event)
    return render_template(
        "events/printing/printing.html",
        event=event,
        tab="programme",
        release=release,
        doors=papers.doors(content),
        roomless=sum(not item["room"] and not item["pause"] for item in content.get("items", ())),
        people=content.get("speakers", ()),
    )


@bp.get(f"{PATH}/dorrskyltar.pdf")
@staff(PLAN, event=manage.find_event)
def door_sheets(event: Event) -> Response:
    """A sheet for the door of each room."""
    release, content = _released(event)
    if release is None or not papers.doors(content):
        abort(
            404, _("Inga programpunkter har rum än. Skriv rummen i programmet och publicera det.")
        )
    return _made("door", papers.doors_data(event, release, content), "dorrskyltar.pdf")


@bp.get(f"{PATH}/namnskyltar.pdf")
@staff(PLAN, event=manage.find_event)
def name_signs(event: Event) -> Response:
    """A sign for each who takes part."""
    release, content = _released(event)
    if release is None or not content.get("speakers"):
        abort(404, _("Ingen medverkande finns i det publicerade programmet än."))
    return _made("signs", papers.signs_data(event, release, content), "namnskyltar.pdf")


def _released(event: Event) -> tuple[Release | None, Content]:
    release = releases.latest_release(db.session, event.id)
    if release is None:
        return None, NOTHING
    return release, release.content


def _made(template: str, data: dict[str, Any], filename: str) -> Response:
    db.session.rollback()  # the typesetting takes its time; no connection waits for it
    body = pdf.render(template, data, language=language())
    return download(body, filename=filename, mimetype="application/pdf", inline=True)
