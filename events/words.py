"""What the enums of events are called for people."""

from flask_babel import lazy_gettext as _l

from events.rules import AssignmentState, ItemKind, Kind, Mode, SpeakerRole, State

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
STATE = {
    State.DRAFT: _l("Utkast"),
    State.PUBLISHED: _l("Publicerad"),
    State.CANCELLED: _l("Inställd"),
    State.POSTPONED: _l("Framflyttad"),
    State.HELD: _l("Genomförd"),
    State.CLOSED: _l("Avslutad"),
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
