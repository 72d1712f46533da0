"""Program → Medverkande: who has answered, what is missing, what the rooms need."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.errors import Refusal
from core.web import act, found, handle
from events.models import Event, ProgrammeItem, Speaker
from events.queries import manage, speakers
from events.speaking import queries, services
from events.speaking.asking import to_come
from events.speaking.forms import TypedForm
from events.speaking.models import Engagement
from events.speaking.queries import Line
from events.speaking.rules import Answer, Consent, Missing
from events.speaking.views.sending import photo_answer
from events.speaking.words import NEED
from events.views.blueprint import bp


@dataclass(frozen=True)
class InRoom:
    """What somebody in an item needs."""

    line: Line
    needs: str

    @property
    def unrecorded(self) -> bool:
        """Whether they come but have not agreed to be recorded."""
        return self.line.answer is not Answer.NO and not self.line.speaker.shows(Consent.RECORDING)


@bp.get("/arbeta/evenemang/<id:event_id>/medverkande")
@staff(PLAN, event=manage.find_event)
def event_people(event: Event) -> str:
    """Everybody in the draft programme, by person and by item."""
    lines = queries.lines(db.session, event.id)
    return render_template(
        "events/speaking/manage.html", event=event, tab="programme", lines=lines,
        items=_by_item(lines), open=to_come(event, now()), uninvited=_uninvited(lines),
        answered=sum(line.answer is not Answer.NONE for line in lines),
    )  # fmt: skip


@bp.post("/arbeta/evenemang/<id:event_id>/medverkande/bjud-in")
@staff(PLAN, event=manage.find_event)
def invite_speakers(event: Event) -> ResponseReturnValue:
    """Invite everybody who has not been invited."""
    event_id = event.id

    def invite() -> str:
        inside = db.session.get_one(Event, event_id)
        asked = services.invite_all(db.session, inside, by=me(), now=now())
        flash(ngettext("%(num)s inbjudan skickas.", "%(num)s inbjudningar skickas.", asked.sent))
        if asked.without_address:
            flash(_("Adress saknas: %(names)s.", names=", ".join(asked.without_address)))
        return url_for("events.event_people", event_id=event_id)

    return _or_say(event_id, invite)


@bp.post("/arbeta/evenemang/<id:event_id>/medverkande/<id:speaker_id>/bjud-in")
@staff(PLAN, event=manage.find_event, speaker=speakers.find_speaker)
def invite_speaker(event: Event, speaker: Speaker) -> ResponseReturnValue:
    """Invite one."""
    event_id, speaker_id = event.id, speaker.id

    def invite() -> str:
        who = db.session.get_one(Speaker, speaker_id)
        services.invite(db.session, db.session.get_one(Event, event_id), who, by=me(), now=now())
        flash(_("Inbjudan till %(name)s skickas.", name=who.name))
        return url_for("events.event_people", event_id=event_id)

    return _or_say(event_id, invite)


@bp.post("/arbeta/medverkan/<id:engagement_id>/paminn")
@staff(PLAN, engagement=queries.find_engagement)
def remind_speaker(engagement: Engagement) -> ResponseReturnValue:
    """Send the link again."""
    engagement_id, event_id = engagement.id, engagement.event_id

    def remind() -> str:
        inside = db.session.get_one(Engagement, engagement_id)
        services.remind(db.session, inside, by=me(), now=now())
        flash(_("En påminnelse till %(name)s skickas.", name=inside.speaker.name))
        return url_for("events.event_people", event_id=event_id)

    return _or_say(event_id, remind)


@bp.route("/arbeta/evenemang/<id:event_id>/medverkande/<id:speaker_id>", methods=["GET", "POST"])
@staff(PLAN, event=manage.find_event, speaker=speakers.find_speaker)
def type_in_speaker(event: Event, speaker: Speaker) -> ResponseReturnValue:
    """What one speaker has answered and needs; typed in for who has said it by telephone."""
    event_id, speaker_id = event.id, speaker.id
    known = queries.engagement_of(db.session, event_id, speaker_id)
    shown = known or Engagement(answer=Answer.NONE, message="", version=0)
    form = TypedForm(shown, *services.needs_of(shown))

    def save() -> str:
        inside = services.engage(
            db.session, db.session.get_one(Event, event_id),
            db.session.get_one(Speaker, speaker_id), now=now(),
        )  # fmt: skip
        services.reply(
            db.session, inside, answer=Answer(form.answer.data), message=form.message.data or "",
            version=form.version.data if known else None, by=me(), now=now(),
        )  # fmt: skip
        services.tell_needs(
            db.session, inside, needs=form.wanted(), other=form.other.data or "", by=me(),
            now=now(),
        )  # fmt: skip
        flash(_("Uppgifterna om %(name)s är sparade.", name=inside.speaker.name))
        return url_for("events.event_people", event_id=event_id)

    def show() -> str:
        return render_template(
            "events/speaking/typed.html", form=form, event=event, speaker=speaker,
            engagement=known, tab="programme", consents=list(Consent),
        )  # fmt: skip

    return handle(form, save, show)


@bp.get("/arbeta/medverkande/<id:speaker_id>/foto.jpg")
@staff(PLAN, speaker=speakers.find_speaker)
def speaker_photo(speaker: Speaker) -> Response:
    """The photo as those who work here see it, whether it may be shown or not."""
    return photo_answer(found(speakers.photo_of(db.session, speaker)).body)


def _or_say(event_id: int, action: object) -> ResponseReturnValue:
    try:
        return act(action)  # type: ignore[arg-type]
    except Refusal as refusal:
        flash(str(refusal))
        return redirect(url_for("events.event_people", event_id=event_id), 303)


def _uninvited(lines: Sequence[Line]) -> int:
    return sum(Missing.INVITATION in line.missing for line in lines)


def _by_item(lines: Sequence[Line]) -> list[tuple[ProgrammeItem, list[InRoom]]]:
    """What each item needs in its room, from those who have not said no."""
    found_: dict[ProgrammeItem, list[InRoom]] = {}
    for line in lines:
        needs = _needs(line)
        for item, _roles in line.turns:
            found_.setdefault(item, []).append(InRoom(line, needs))
    return sorted(found_.items(), key=lambda pair: (pair[0].starts, pair[0].room, pair[0].id))


def _needs(line: Line) -> str:
    if line.engagement is None or line.answer is Answer.NO:
        return ""
    needs, other = services.needs_of(line.engagement)
    words = [str(NEED[need]) for need in NEED if need.value in needs]
    return ", ".join([*words, *([other] if other else [])])
