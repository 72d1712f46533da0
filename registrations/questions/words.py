"""What questions are called for people, and how an answer reads."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.reference import SECTOR_WORDS, Sector
from events.rules import Mode
from events.words import MODE
from registrations.questions.rules import NO, YES, Asked, Kind, Sensitive, Value

KIND = {
    Kind.SHORT: _l("Kort text"),
    Kind.LONG: _l("Längre text"),
    Kind.ONE: _l("Ett av flera alternativ"),
    Kind.MANY: _l("Flera av alternativen"),
    Kind.YES_NO: _l("Ja eller nej"),
    Kind.NUMBER: _l("Antal"),
    Kind.DATE: _l("Datum"),
}
YES_NO = {YES: _l("Ja"), NO: _l("Nej")}
SENSITIVE = {
    Sensitive.IDENTITY: _l(
        "Det ser ut som att du frågar efter personnummer eller födelsedatum. Det får inte "
        "efterfrågas här: använd namn, organisation och e-post."
    ),
    Sensitive.HEALTH: _l(
        "Det ser ut som att du frågar om mat, hälsa eller funktionsnedsättning. Det ska stå under "
        "behov: där krypteras svaren, läses av få och raderas efter dagen. De rutorna finns redan "
        "i formuläret."
    ),
    Sensitive.BELIEF: _l(
        "Det ser ut som att du frågar om religion, åsikter eller annat känsligt. Sådant samlar vi "
        "inte in. Gäller det maten ska det stå under behov, i rutan för specialkost."
    ),
}
ACTION = {
    "question.added": _l("Lade till en fråga"),
    "question.changed": _l("Ändrade en fråga"),
    "question.moved": _l("Flyttade en fråga"),
    "question.retired": _l("Tog bort en fråga"),
    "question.taken_up": _l("Tog fram en fråga igen"),
}


def said(value: Value) -> str:
    """An answer as people read it."""
    if isinstance(value, bool):
        return str(YES_NO[YES if value else NO])
    if isinstance(value, list):
        return ", ".join(value)
    return str(value)


def answer_words(answer: str, kind: Kind | None = None) -> str:
    """The answer that another question hangs on, as people read it."""
    return str(YES_NO[answer]) if kind is Kind.YES_NO else answer


def condition(one: Asked, asked: Iterable[Asked]) -> str:
    """When to answer, for whoever sees every question at once; "" where everybody does."""
    when = []
    steering = next((other for other in asked if other.question_id == one.after), None)
    if steering is not None:
        answer = answer_words(one.answer, steering.kind)
        when.append(
            _("du svarade ”%(answer)s” på ”%(label)s”", answer=answer, label=steering.label)
        )
    if one.mode:
        when.append(_("du deltar %(mode)s", mode=str(MODE[Mode(one.mode)]).lower()))
    if one.sectors:
        words = (str(SECTOR_WORDS[Sector(sector)]).lower() for sector in one.sectors)
        when.append(_("du kommer från %(sectors)s", sectors=_(" eller ").join(words)))
    return _("Svara om %(when)s.", when=_(" och ").join(when)) if when else ""


def kept(days: int) -> str:
    """How long an answer is kept, for whoever gives it."""
    if not days:
        return _("Svaret raderas efter evenemanget.")
    return _("Svaret raderas tidigast %(n)s dagar efter evenemanget.", n=days)
