"""The start of the workspace: the own authorities' events."""

from flask import render_template
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import EVERYBODY, PEOPLE
from core.clock import now
from core.db import db
from core.web import page_number, query_text
from events.queries import workspace
from events.views.blueprint import bp


@bp.get("/arbeta/")
@staff(EVERYBODY)
def work() -> str:
    """The events of one's authorities: to finish, to come, the drafts, the past.

    Who only ticks in is led to the doors, and sees no drafts.
    """
    searched = query_text("q")
    people = {authority.id for authority in me().authorities_with(PEOPLE)}
    listing = workspace.listing(
        db.session,
        sorted(people),
        doors=sorted({authority.id for authority in me().authorities_with(EVERYBODY)} - people),
        searched=searched,
        page=page_number(),
        now=now(),
    )
    groups = {
        workspace.TO_FINISH: _("Att avsluta"),
        workspace.COMING: _("Kommande"),
        workspace.DRAFTS: _("Utkast"),
        workspace.PAST: _("Tidigare"),
    }
    return render_template(
        "events/manage/work.html", listing=listing, groups=groups, searched=searched
    )
