"""What mailings are called for people."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.reference import SECTOR_WORDS, counties
from events.words import MODE
from registrations.mailings.queries import Audience
from registrations.mailings.rules import Occasion, Placeholder, Purpose, State
from registrations.words import STATUS

MAILING_STATE = {
    State.DRAFT: _l("Utkast"),
    State.PLANNED: _l("Planerat"),
    State.SENDING: _l("Skickas"),
    State.SENT: _l("Skickat"),
}
PURPOSE = {
    Purpose.PLACE: _l("Om deltagandet"),
    Purpose.NEWS: _l("Information eller inbjudan till något annat"),
}
OCCASION = {
    Occasion.BY_HAND: _l("Utskick"),
    Occasion.BEFORE: _l("Påminnelse före evenemanget"),
    Occasion.UNANSWERED: _l("Påminnelse till inbjudna som inte har svarat"),
    Occasion.AFTER: _l("Tack efter evenemanget"),
}
PLACEHOLDER = {
    Placeholder.FIRST_NAME: _l("personens förnamn"),
    Placeholder.NAME: _l("för- och efternamn"),
    Placeholder.EVENT: _l("evenemangets rubrik"),
    Placeholder.TIME: _l("dag och klockslag"),
    Placeholder.PLACE: _l("platsen, eller att det är på nätet"),
    Placeholder.LAST_DAY: _l("sista dagen att ändra eller avanmäla sig"),
    Placeholder.CHOICES: _l("det personen har valt i programmet"),
    Placeholder.OWN_PAGE: _l("länk till personens egen anmälan"),
    Placeholder.MEETING: _l("länk till mötet, bara till den som har plats på nätet"),
    Placeholder.DOCUMENTATION: _l("länk till dokumentationen, när den är publicerad"),
}
ACTION = {
    "mailing.made": _l("Skrev ett utskick"),
    "mailing.changed": _l("Ändrade ett utskick"),
    "mailing.removed": _l("Tog bort ett utkast till utskick"),
    "mailing.planned": _l("Planerade ett utskick"),
    "mailing.unplanned": _l("Ställde in ett planerat utskick"),
    "mailing.resumed": _l("Fortsatte skicka ett utskick"),
    "mailing.begun": _l("Började skicka ett utskick"),
    "mailing.sent": _l("Skickade ett utskick"),
    "mailing.tested": _l("Skickade ett prov av ett utskick"),
    "mailing.readdressed": _l("Rättade en adress efter ett utskick"),
    "mailing.opted_out": _l("En mottagare avregistrerade sig från utskick"),
    "reminder.changed": _l("Ändrade en påminnelse"),
}


def to_whom(audience: Audience, items: dict[int, str]) -> str:
    """The recipients in a few words, e.g. "Plats · Civilsamhälle · På plats"."""
    parts = [" / ".join(str(STATUS[status]) for status in audience.statuses)]
    if audience.ids:
        parts.append(ngettext("%(num)s kryssad", "%(num)s kryssade", len(audience.ids)))
    if audience.mode:
        parts.append(str(MODE[audience.mode]))
    if audience.sector:
        parts.append(str(SECTOR_WORDS[audience.sector]))
    if audience.county in counties():
        parts.append(counties()[audience.county].name)
    if audience.item is not None:
        title = items.get(audience.item, _("en programpunkt som är borttagen"))
        parts.append(_("valt %(title)s", title=title))
    if audience.unchosen:
        parts.append(_("inget i %(group)s", group=audience.unchosen))
    if audience.came is not None:
        parts.append(_("kom") if audience.came else _("kom inte"))
    return " · ".join(parts)
