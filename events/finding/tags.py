"""The filters, as words in the index that nobody can type: they have an underscore."""

from events.finding.rules import DocumentKind
from events.models import Event
from events.rules import Audience, Kind, Mode, Theme


def county_tag(code: str) -> str:
    """Held in that county."""
    return f"lan_{code}"


def event_kind_tag(kind: Kind) -> str:
    """Belongs to an event of that kind."""
    return f"typ_{kind.value}"


def theme_tag(theme: Theme) -> str:
    """Is about that."""
    return f"tema_{theme.value}"


def audience_tag(audience: Audience) -> str:
    """Is for them."""
    return f"grupp_{audience.value}"


def mode_tag(mode: Mode) -> str:
    """One can take part that way."""
    return f"plats_{mode.value}"


def kind_tag(kind: DocumentKind) -> str:
    """Is a document of that kind."""
    return f"art_{kind.value}"


def tags_of(event: Event) -> list[str]:
    """What an event, and all that belongs to it, is narrowed by."""
    modes = {pool.mode for pool in event.pools if pool.mode}
    modes |= {Mode.ONLINE} if event.online_url else set()
    return [
        event_kind_tag(event.kind),
        *([county_tag(event.county_code)] if event.county_code else []),
        *(theme_tag(Theme(theme)) for theme in event.themes),
        *(audience_tag(Audience(audience)) for audience in event.audiences),
        *(mode_tag(mode) for mode in Mode if mode in modes),
    ]
