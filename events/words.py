"""What the enums of events are called for people."""

from functools import lru_cache
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from events.rules import (
    AssignmentState,
    Audience,
    ItemKind,
    Kind,
    Mode,
    Odd,
    SpeakerRole,
    State,
    Step,
    Theme,
    WaitingRule,
)

KIND = {
    Kind.REGIONAL_CONFERENCE: _l("Regional konferens"),
    Kind.INSPIRATION_CONFERENCE: _l("Inspirationskonferens"),
    Kind.NATIONAL_SUMMIT: _l("Nationell samling"),
    Kind.ISSUE_COUNCIL: _l("Sakråd"),
    Kind.HIGH_LEVEL_MEETING: _l("Högnivåmöte"),
    Kind.DIALOGUE_MEETING: _l("Dialogmöte"),
    Kind.CONSULTATION: _l("Samråd"),
    Kind.TRAINING: _l("Utbildning"),
    Kind.WEBINAR: _l("Webbinarium"),
    Kind.NETWORK_MEETING: _l("Nätverksträff"),
}
THEME = {
    Theme.HOUSING: _l("Bostad"),
    Theme.LABOUR: _l("Arbete och näringsliv"),
    Theme.SCHOOL: _l("Skola och utbildning"),
    Theme.HEALTH: _l("Hälsa och vård"),
    Theme.INTEGRATION: _l("Mottagande och integration"),
    Theme.CHILDREN: _l("Barn och unga"),
    Theme.EQUALITY: _l("Jämställdhet och rättigheter"),
    Theme.CIVIL_SOCIETY: _l("Samverkan med civilsamhället"),
    Theme.DEMOCRACY: _l("Demokrati och dialog"),
    Theme.SAFETY: _l("Trygghet"),
    Theme.CLIMATE: _l("Klimat och miljö"),
    Theme.PREPAREDNESS: _l("Beredskap"),
    Theme.RURAL: _l("Landsbygd"),
}
AUDIENCE = {
    Audience.MUNICIPALITIES: _l("Kommuner"),
    Audience.REGIONS: _l("Regioner"),
    Audience.AGENCIES: _l("Statliga myndigheter"),
    Audience.CIVIL_SOCIETY: _l("Civilsamhället"),
    Audience.BUSINESS: _l("Näringslivet"),
    Audience.POLITICIANS: _l("Förtroendevalda"),
    Audience.OFFICIALS: _l("Tjänstepersoner"),
    Audience.RESEARCHERS: _l("Forskare"),
    Audience.PUBLIC: _l("Allmänheten"),
}
WAITING_RULE = {
    WaitingRule.GIVEN: _l("Den som står först på reservlistan får den genast"),
    WaitingRule.OFFERED: _l("Den som står först får frågan, och platsen hålls en tid"),
}
STATE = {
    State.DRAFT: _l("Utkast"),
    State.PUBLISHED: _l("Publicerat"),
    State.CANCELLED: _l("Inställt"),
    State.POSTPONED: _l("Framflyttat"),
    State.HELD: _l("Genomfört"),
    State.CLOSED: _l("Avslutat"),
}
PREFIX = {State.CANCELLED: _l("INSTÄLLT"), State.POSTPONED: _l("FRAMFLYTTAT")}
MODE = {Mode.ROOM: _l("I salen"), Mode.ONLINE: _l("På nätet")}
ITEM_KIND = {
    ItemKind.REGISTRATION: _l("Registrering"),
    ItemKind.WELCOME: _l("Välkomsthälsning"),
    ItemKind.TALK: _l("Föredrag"),
    ItemKind.LOCAL_EXAMPLE: _l("Lokalt exempel"),
    ItemKind.PANEL: _l("Panelsamtal"),
    ItemKind.SEMINAR: _l("Seminarium"),
    ItemKind.GROUP_WORK: _l("Grupparbete"),
    ItemKind.Q_AND_A: _l("Frågestund"),
    ItemKind.DISCUSSION: _l("Diskussion"),
    ItemKind.STATUS_REPORT: _l("Lägesbild"),
    ItemKind.ROUND: _l("Runda"),
    ItemKind.BREAK: _l("Paus"),
    ItemKind.COFFEE: _l("Fika"),
    ItemKind.LUNCH: _l("Lunch"),
    ItemKind.CLOSING: _l("Avslutning"),
}
SPEAKER_ROLE = {
    SpeakerRole.SPEAKER: _l("medverkande"),
    SpeakerRole.MODERATOR: _l("moderator"),
    SpeakerRole.PANELLIST: _l("panelist"),
    SpeakerRole.HOST: _l("värd"),
}
ASSIGNMENT_STATE = {
    AssignmentState.DRAFT: _l("Utkast"),
    AssignmentState.ONGOING: _l("Pågående"),
    AssignmentState.REPORTED: _l("Redovisat"),
    AssignmentState.INVOICED: _l("Fakturerat"),
    AssignmentState.CLOSED: _l("Avslutat"),
}
STEP = {
    Step.PROGRAMME: _l("Lägg upp programmet"),
    Step.PUBLISH: _l("Kontrollera och publicera"),
    Step.NEW_TIME: _l("Sätt ny tid eller ställ in"),
    Step.HELD: _l("Markera som genomfört"),
    Step.MINUTES: _l("Skriv minnesanteckningar"),
}
ODD = {
    Odd.NO_MODE: _l("Ingen kan anmäla sig: välj om man deltar i salen, på nätet eller båda."),
    Odd.OVER: _l("Evenemanget har redan varit. Kontrollera dagen."),
    Odd.CLOSES_LATE: _l("Anmälan stänger efter att evenemanget har börjat."),
    Odd.CLOSED_ALREADY: _l("Sista anmälningsdag har redan varit."),
    Odd.NO_PLACE: _l("Platsen saknas, men man kan delta i salen."),
    Odd.NO_CONTACT: _l("Kontaktpersonens namn och e-post eller telefon saknas."),
    Odd.ROOM_CLASH: _l("Pågår samtidigt på samma ställe: %(what)s."),
    Odd.SPEAKER_CLASH: _l("Samma person ska vara på två ställen samtidigt: %(what)s."),
    Odd.NO_QUESTION: _l("Sakrådet saknar frågeställning."),
    Odd.NO_INVITER: _l("Det framgår inte vem som bjuder in till sakrådet, med titel."),
    Odd.NO_PROGRAMME: _l("Programmet är tomt."),
    Odd.OUTSIDE: _l("Ligger utanför evenemangets tid: %(what)s."),
    Odd.NO_CONSENT: _l("Namnen visas inte, för samtycke till publicering saknas: %(what)s."),
    Odd.NO_LINK: _l("Länken till mötet saknas. De som deltar på nätet behöver den."),
    Odd.NO_LEAD: _l("Ingressen saknas."),
    Odd.NO_CASE_NUMBER: _l("Diarienumret saknas."),
    Odd.ODD_CASE_NUMBER: _l("Diarienumret ser inte ut som diarienummer brukar göra."),
    Odd.NO_ACHIEVE: _l("Det framgår inte vad man kan uppnå med sakrådet."),
    Odd.NO_ACCESS: _l(
        "Inget är sagt om lokalens tillgänglighet, till exempel entré utan trappsteg."
    ),
}
ACTION = {
    "event.created": _l("Skapade evenemanget"),
    "event.copied": _l("Kopierade från ett annat evenemang"),
    "event.changed": _l("Ändrade inställningarna"),
    "event.published": _l("Publicerade evenemanget"),
    "event.cancelled": _l("Ställde in"),
    "event.postponed": _l("Flyttade fram"),
    "event.held": _l("Markerade som genomfört"),
    "event.closed": _l("Avslutade"),
    "calendar.staff_feed": _l("Gav sin kalender en ny adress"),
    "calendar.staff_feed_ended": _l("Tog bort sin kalender"),
    "item.added": _l("Lade till en programpunkt"),
    "item.changed": _l("Ändrade en programpunkt"),
    "item.removed": _l("Tog bort en programpunkt"),
    "programme.released": _l("Publicerade programmet"),
    "speaker.added": _l("Lade till en medverkande"),
    "speaker.changed": _l("Ändrade en medverkande"),
    "speaker.photo": _l("Bytte foto på en medverkande"),
    "speaker.photo_removed": _l("Tog bort fotot på en medverkande"),
}
# What the log calls what is changed, beside what `accounts` calls it.
FIELD = {
    "kind": _l("Typ"), "lead": _l("Ingress"), "purpose": _l("Syfte"),
    "target_group": _l("Målgrupp"), "question": _l("Frågeställning"),
    "can_achieve": _l("Vad kan man uppnå?"), "inviter_name": _l("Vem bjuder in?"),
    "inviter_title": _l("Inbjudarens titel"), "starts": _l("Börjar"), "ends": _l("Slutar"),
    "venue_name": _l("Plats"), "venue_address": _l("Adress"), "directions": _l("Hitta hit"),
    "step_free": _l("Entré och lokal utan trappsteg"), "hearing_loop": _l("Hörslinga"),
    "lift": _l("Hiss"), "parking": _l("Parkering"), "online_url": _l("Länk till mötet"),
    "registration_opens": _l("Anmälan öppnar"), "registration_closes": _l("Anmälan stänger"),
    "registration_paused": _l("Stäng anmälan tills vidare"),
    "invited_only": _l("Bara inbjudna får anmäla sig"),
    "cancel_by": _l("Sista dag för avanmälan"), "contact_name": _l("Kontaktperson"),
    "contact_email": _l("E-post"), "contact_phone": _l("Telefon"),
    "case_number": _l("Diarienummer"), "in_cooperation_with": _l("I samverkan med"),
    "cost": _l("Kostnad"), "room": _l("Rum"), "track": _l("Spår"), "group": _l("Pass"),
    "capacity": _l("Platser"), "organisation": _l("Organisation"),
    "max_per_organisation": _l("Högst från en organisation"),
}  # fmt: skip


@lru_cache(None, typed=True)
def found_by(code: Kind | Theme | Audience) -> str:
    """What a code is called, in both languages, for those who search: looked up once."""
    tables: dict[type, dict[Any, Any]] = {Kind: KIND, Theme: THEME, Audience: AUDIENCE}
    called = []
    for language in ("sv", "en"):
        with force_locale(language):
            called.append(str(tables[type(code)][code]))
    return " ".join(called)
