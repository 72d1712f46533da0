"""Look at the whole once more, and freeze it."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import MINUTES
from core.clock import now
from core.db import Stale, db
from core.errors import Refusal
from core.pdf import PdfError
from core.web import found, handle
from events.models import Event
from events.queries.manage import find_event
from minutes import pdf, queries, services
from minutes.forms import PublishForm
from minutes.rules import PUBLISHABLE, digest
from minutes.views.blueprint import bp
from minutes.views.manage.draft import AT
from minutes.views.reading import reading

log = logging.getLogger(__name__)


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
    content = queries.document(db.session, minutes)
    seen, file = digest(content), b""
    if request.method == "POST" and form.seen.data == seen and not minutes.is_published:
        frozen = queries.stamped(content, by=by, now=at)
        db.session.rollback()  # the typesetting takes its time; no connection waits for it
        try:
            file = pdf.typeset(frozen)
        except PdfError:
            log.exception("minutes of event %s", event.id)

    def freeze() -> str:
        if form.seen.data != seen:
            raise Stale
        if not (file or minutes.is_published):
            raise Refusal(
                _("Det gick inte att göra en PDF. Ta bort ovanliga tecken och försök igen.")
            )
        services.publish(db.session, minutes, pdf=file, content=content, by=by, now=at)
        flash(_("Anteckningarna är publicerade."))
        return url_for("minutes.edit", event_id=event.id)

    def show(changed: bool = False) -> str:
        content = queries.document(db.session, minutes)
        form.seen.data = digest(content)
        return render_template(
            "minutes/publish.html",
            event=event,
            minutes=minutes,
            form=form,
            changed=changed,
            oddities=queries.oddities(db.session, minutes, at),
            possible=event.state in PUBLISHABLE,
            **reading(content),
        )

    return handle(form, freeze, show, lambda: show(changed=True))
