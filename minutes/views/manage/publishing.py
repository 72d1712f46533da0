"""Look at the whole once more, and freeze it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import MINUTES
from core.clock import now
from core.db import Stale, db
from core.errors import Refusal
from core.web import found, handle
from events.models import Event
from events.queries.manage import find_event
from minutes import queries, services
from minutes.forms import PublishForm
from minutes.publishing import prepare
from minutes.rules import PUBLISHABLE, digest
from minutes.views.blueprint import bp
from minutes.views.manage.draft import AT
from minutes.views.reading import reading


@bp.route(f"{AT}/publicera", methods=["GET", "POST"])
@staff(MINUTES, event=find_event)
def publish(event: Event) -> ResponseReturnValue:
    """Show what will be frozen and what is odd in it; freeze exactly what was shown.

    The file is made before the write transaction; in it everything is read and compared again.
    """
    minutes = found(queries.of_event(db.session, event.id))
    if minutes.is_published and request.method != "POST":
        return redirect(url_for("minutes.edit", event_id=event.id))
    form, by, at = PublishForm(), me(), now()
    content: dict[str, Any] = {}
    file, trouble = b"", None
    if request.method == "POST" and not minutes.is_published:
        try:
            content, file = prepare(db.session, minutes, by=by, now=at, seen=form.seen.data or "")
        except (Refusal, Stale) as error:
            trouble = error

    def freeze() -> str:
        if trouble:
            raise trouble
        services.publish(db.session, minutes, pdf=file, content=content, by=by, now=at)
        flash(_("Anteckningarna är publicerade."))
        return url_for("minutes.edit", event_id=event.id)

    def show(changed: bool = False) -> str:
        shown = queries.document(db.session, minutes)
        form.seen.data = digest(shown)
        return render_template(
            "minutes/publish.html",
            event=event,
            minutes=minutes,
            form=form,
            changed=changed,
            oddities=queries.oddities(db.session, minutes, at),
            possible=event.state in PUBLISHABLE,
            **reading(shown),
        )

    return handle(form, freeze, show, lambda: show(changed=True))
