"""What has changed about an event, in plain words."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.i18n import span
from events.models import Event
from events.places import place
from registrations.news.rules import IN_PLACE, Known


def sentences(event: Event, known: Known) -> list[str]:
    """A sentence for each fact that is another than somebody `known`s it."""
    found = []
    if "title" in known:
        found.append(_("Evenemanget heter nu ”%(title)s”.", title=event.title))
    if known.keys() & {"starts", "ends"}:
        found.append(_time(event, known))
    if known.keys() & IN_PLACE:
        found.append(_place(event, known))
    if "online_url" in known:
        found.append(_("Länken till mötet är ny."))
    return found


def _time(event: Event, known: Known) -> str:
    after = span(event.starts, event.ends)
    was = _when(known, event)
    if was is None:
        return _("Tiden är ändrad: %(after)s.", after=after)
    return _("Tiden är nu %(after)s i stället för %(before)s.", after=after, before=was)


def _when(known: Known, event: Event) -> str | None:
    ends: list[Any] = [
        datetime.fromisoformat(known[name]) if known.get(name) else None
        if name in known else getattr(event, name)
        for name in ("starts", "ends")
    ]  # fmt: skip
    return None if None in ends else span(*ends)


def _place(event: Event, known: Known) -> str:
    after = place(event.venue_name, event.venue_address, event.municipality)
    if not after:
        return _("Platsen är inte bestämd än. Vi mejlar den.")
    was: list[Any] = [
        known.get(name, getattr(event, name))
        for name in ("venue_name", "venue_address", "municipality")
    ]
    before = "" if None in was[:2] else place(was[0], was[1], was[2] or None)
    if not before or before == after:
        return _("Platsen är nu %(after)s.", after=after)
    return _("Platsen är nu %(after)s i stället för %(before)s.", after=after, before=before)
