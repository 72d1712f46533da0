"""The page where a programme is published, and each release at its own address."""

import json
from typing import Any

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core import crypto
from core.cache import cached
from core.clock import now
from core.db import Stale, db
from core.errors import Refusal
from core.i18n import language
from core.policy import public
from core.text import initials
from core.web import found, handle
from events import programme, services
from events.models import Event
from events.queries import drafts, manage, releases
from events.queries.pages import Stamp, stamp, whole_event
from events.releasing.forms import TELL, ReleaseForm
from events.releasing.rules import NOTHING, changes, loud
from events.releasing.words import sentences
from events.rules import State
from events.views.blueprint import bp


@bp.get("/evenemang/<slug:slug>/program/<id:number>")
@public
def shown_release(slug: str, number: int) -> Response:
    """One release as it was frozen, but for those who no longer consent to be named."""
    latest = found(stamp(slug))
    return cached(("release", language(), latest, number), lambda: _release_page(latest, number))


def _release_page(latest: Stamp, number: int) -> str:
    release, before = releases.release_and_before(db.session, latest.id, number)
    release = found(release)
    return render_template(
        "events/releasing/release.html",
        event=whole_event(db.session, latest.id),
        release=release,
        latest=latest.release,
        days=programme.days(release.content),
        speakers=release.content["speakers"],
        changed=sentences(changes(before.content, release.content)) if before else [],
        others=releases.dates(db.session, latest.id),
        initials=initials,
    )


@bp.route("/arbeta/evenemang/<id:event_id>/program/publicera", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event)
def release(event: Event) -> ResponseReturnValue:
    """What is changed, who hears of it and how it reads; then freeze it as the next release."""
    event_id = event.id
    last = releases.latest_release(db.session, event_id)
    draft = drafts.content_of(drafts.programme(db.session, event_id))
    different = last is None or last.content != draft
    found_changes = changes(last.content if last else NOTHING, draft)
    told = last is not None and event.state in {State.PUBLISHED, State.POSTPONED}
    form = ReleaseForm(seen=_digest(draft), tell=told and loud(found_changes))

    def publish() -> str:
        inside = db.session.get_one(Event, event_id)
        if form.seen.data != _digest(drafts.draft_content(inside)):
            raise Stale
        made = services.release_programme(
            db.session, inside, tell=form.tell.data == TELL, by=me(), now=now()
        )
        flash(_("Programmet är publicerat (version %(n)s).", n=made.number))
        return url_for("events.programme", event_id=event_id)

    def show() -> str:
        return render_template(
            "events/releasing/publish.html",
            event=event,
            tab="programme",
            form=form,
            last=last,
            different=different,
            changes=found_changes,
            lines=[(line, minor) for line, minor in _lines(found_changes)],
            may_tell=told and bool(found_changes),
        )

    def conflict() -> str:
        form.seen.data = _digest(draft)
        sentence = _(
            "Programmet har ändrats sedan du öppnade sidan. Läs igenom och publicera igen."
        )
        form.refuse(Refusal(sentence))
        return show()

    return handle(form, publish, show, conflict)


def _lines(found_changes: Any) -> list[tuple[str, bool]]:
    """The changes in words, each with whether it is small."""
    said: dict[str, bool] = {}
    for change in found_changes:
        [line] = sentences([change])
        said[line] = said.get(line, True) and change.minor
    return list(said.items())


def _digest(content: Any) -> str:
    return crypto.digest(json.dumps(content, sort_keys=True, ensure_ascii=False))[:32]
