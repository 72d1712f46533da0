"""Speakers who have been asked: one has answered with needs and a picture, one has not answered.

The portraits are drawn: nobody's face is borrowed.
"""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from PIL import Image, ImageDraw

from core.clock import to_local
from core.db import db, write
from events import services
from events.models import Event, Speaker
from events.photos import Jpeg, make_jpeg
from events.speaking import queries
from events.speaking import services as speaking
from events.speaking.models import Engagement
from events.speaking.rules import Answer, Consent, Need, suggested_end

EVENT = "mottagande-och-etablering-i-jonkopings-lan"
TEXTS = {
    "Maja Almkvist": "Leder länsstyrelsens arbete med social hållbarhet sedan 2022. Har varit "
    "boendechef i Tranås och lärare i svenska som andraspråk.",
    "Antti Gustavsson": "Frilansjournalist från Sävsjö. Leder samtal om landsbygd och flytt, på "
    "scen och i podden Höglandet inifrån.",
    "Fadi El-Masri": "Räknar på hur många som kommer, flyttar och stannar. Gör statistik begriplig "
    "för den som ska fatta beslut på måndag.",
    "Ylva Öberg": "Har byggt upp Vetlandas mottagning av nya familjer, från första bussen till "
    "första lönen.",
    "Ifrah Wretling": "Driver mötesplatsen på Österängen, där 40 volontärer håller öppet sex dagar "
    "i veckan.",
    "Emina Begić": "Rektor som lägger svenskkursen där arbetet är: på verkstadsgolvet.",
}
# Head, shoulders and ground.
DRAWN = {
    "Maja Almkvist": ("#b98467", "#0f4c5c", "#dbe7e4"),
    "Fadi El-Masri": ("#8d5f45", "#5b4636", "#ece3d3"),
    "Ylva Öberg": ("#d2a285", "#6b3f52", "#e6e2ea"),
}


def add_speakers(*, now: datetime) -> None:
    """Ask the speakers of a conference to come, and let some of them answer. Once."""
    event = db.session.scalar(sa.select(Event).filter_by(slug=EVENT))
    asked = sa.select(Engagement.id).join(Event, Event.id == Engagement.event_id)
    if event is None or db.session.scalar(asked.where(Event.slug == EVENT).limit(1)):
        return
    drawn = {name: make_jpeg(_portrait(*colours)) for name, colours in DRAWN.items()}
    event_id = event.id
    write(lambda: _ask(db.session.get_one(Event, event_id), drawn, now - timedelta(days=12)))


def _ask(event: Event, drawn: dict[str, Jpeg], now: datetime) -> None:
    session = db.session
    lines = queries.lines(session, event.id)
    people = {line.speaker.name: line.speaker for line in lines}
    for number, (name, speaker) in enumerate(people.items()):
        facts = {"email": f"medverkande.{number}@example.se", "text": TEXTS.get(name, "")}
        services.change_speaker(session, speaker, facts=facts, by=None, now=now)
        if name in drawn:
            services.set_photo(session, speaker, drawn[name], by=None, now=now)
    for name in ("Maja Almkvist", "Antti Gustavsson", "Fadi El-Masri", "Ylva Öberg"):
        if name in people:
            speaking.invite(session, event, people[name], by=None, now=now)
    answered = now + timedelta(days=2)
    _answer(event, people.get("Maja Almkvist"), answered, Consent, [Need.OWN_COMPUTER])
    _answer(
        event, people.get("Fadi El-Masri"), answered, (Consent.NAME, Consent.PHOTO),
        [Need.PROJECTOR, Need.SOUND], message="Jag kommer med tåget 9.12 och måste gå 15.30.",
        other="En pekare som når till tredje raden.",
    )  # fmt: skip
    _answer(
        event, people.get("Ylva Öberg"), answered, (Consent.NAME, Consent.PHOTO, Consent.SLIDES),
        [Need.PROJECTOR, Need.HEARING_LOOP],
    )  # fmt: skip


def _answer(
    event: Event,
    speaker: Speaker | None,
    now: datetime,
    consents: Sequence[Consent] | type[Consent],
    needs: list[Need],
    *,
    message: str = "",
    other: str = "",
) -> None:
    if speaker is None:
        return
    session = db.session
    engagement = speaking.engage(session, event, speaker, now=now)
    told: dict[str, Any] = {"by": None, "now": now}
    speaking.reply(session, engagement, answer=Answer.YES, message=message, **told)
    speaking.tell_needs(session, engagement, needs=needs, other=other, **told)
    until = suggested_end(to_local(event.ends).date())
    services.set_consents(session, speaker, dict.fromkeys(consents, until), **told)


def _portrait(skin: str, coat: str, ground: str) -> bytes:
    picture = Image.new("RGB", (600, 600), ground)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((90, 430, 510, 900), fill=coat)
    draw.rectangle((260, 340, 340, 470), fill=skin)
    draw.ellipse((195, 110, 405, 390), fill=skin)
    draw.pieslice((185, 80, 415, 360), 180, 360, fill="#3a322c")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
