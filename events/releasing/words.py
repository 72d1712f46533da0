"""What has changed in a programme, in plain words."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from core.i18n import clock, clock_span, day
from events.releasing.rules import Change, Kind, Node, shift

IS_ROOM = ("rum", "sal", "hall", "aula", "lokal", "scen", "foaj", "matsal", "room", "studio")


def sentences(found: Iterable[Change]) -> list[str]:
    """A sentence for each change; nothing is said twice."""
    return list(dict.fromkeys(sentence(change) for change in found))


def sentence(change: Change) -> str:
    """E.g. "”Seminarium B” börjar 13.15 i stället för 13.00."."""
    return str(_SAID[change.kind](change))


def _begun(_change: Change) -> str:
    return _("Programmet är klart.")


def _added(change: Change) -> str:
    return _("Ny punkt %(when)s: ”%(title)s”.", when=_at(change.node, change), title=_title(change))


def _removed(change: Change) -> str:
    return _("”%(title)s” %(when)s utgår.", title=_title(change), when=_at(change.node, change))


def _shifted(change: Change) -> str:
    before, by = change.before or {}, shift(change)
    if by % timedelta(days=1) == timedelta():
        return _(
            "Programmet har flyttat från %(before)s till %(after)s, på samma klockslag.",
            before=day(_time(before)), after=day(_time(change.node)),
        )  # fmt: skip
    when = (
        _("Hela programmet") if change.whole else _("Allt från %(when)s", when=_at(before, change))
    )
    if by > timedelta():
        return _("%(what)s börjar %(by)s senare.", what=when, by=_length(by))
    return _("%(what)s börjar %(by)s tidigare.", what=when, by=_length(-by))


def _moved(change: Change) -> str:
    starts = _time(change.node)
    return _(
        "”%(title)s” har flyttat till %(day)s kl. %(clock)s.",
        title=_title(change), day=day(starts), clock=clock(starts),
    )  # fmt: skip


def _retimed(change: Change) -> str:
    before, after = change.before or {}, change.node
    was, now = (_time(before), _time(before, "ends")), (_time(after), _time(after, "ends"))
    title = _title(change)
    if was[0] == now[0]:
        return _(
            "”%(title)s” slutar %(after)s i stället för %(before)s.",
            title=title, after=clock(now[1]), before=clock(was[1]),
        )  # fmt: skip
    if was[1] - was[0] == now[1] - now[0]:
        return _(
            "”%(title)s” börjar %(after)s i stället för %(before)s.",
            title=title, after=clock(now[0]), before=clock(was[0]),
        )  # fmt: skip
    return _(
        "”%(title)s” är %(after)s i stället för %(before)s.",
        title=title, after=clock_span(*now), before=clock_span(*was),
    )  # fmt: skip


def _room(change: Change) -> str:
    before, after = (change.before or {}).get("room", ""), change.node.get("room", "")
    title = _title(change)
    if not after:
        return _("Rummet för ”%(title)s” är inte bestämt än.", title=title)
    if not before:
        return _("”%(title)s” är i %(room)s.", title=title, room=_called(after))
    return _("”%(title)s” har flyttat till %(room)s.", title=title, room=_called(after))


def _speakers(change: Change) -> str:
    gone, new, title = _listed(change.gone), _listed(change.new), _title(change)
    if gone and new:
        return _(
            "I ”%(title)s” medverkar %(new)s i stället för %(gone)s.",
            title=title, new=new, gone=gone,
        )  # fmt: skip
    if gone and change.wholly:
        return _("%(gone)s medverkar inte längre.", gone=gone)
    if gone:
        return _("%(gone)s medverkar inte längre i ”%(title)s”.", gone=gone, title=title)
    return ngettext(
        "Ny medverkande i ”%(title)s”: %(new)s.",
        "Nya medverkande i ”%(title)s”: %(new)s.",
        len(change.new), title=title, new=new,
    )  # fmt: skip


def _titled(change: Change) -> str:
    before = (change.before or {}).get("title", "")
    return _("”%(before)s” heter nu ”%(after)s”.", before=before, after=_title(change))


def _text(change: Change) -> str:
    if not change.item:
        return _("Uppgifterna om %(name)s är ändrade.", name=change.node.get("name", ""))
    if (change.before or {}).get("text", "") == change.node.get("text", ""):
        return _("Uppgifterna om ”%(title)s” är ändrade.", title=_title(change))
    return _("Texten om ”%(title)s” är ändrad.", title=_title(change))


_SAID = {
    Kind.BEGUN: _begun,
    Kind.ADDED: _added,
    Kind.REMOVED: _removed,
    Kind.SHIFTED: _shifted,
    Kind.MOVED: _moved,
    Kind.RETIMED: _retimed,
    Kind.ROOM: _room,
    Kind.SPEAKERS: _speakers,
    Kind.TITLE: _titled,
    Kind.TEXT: _text,
}


def _title(change: Change) -> str:
    return str(change.node.get("title", ""))


def _time(node: Node, end: str = "starts") -> datetime:
    return datetime.fromisoformat(node[end])


def _at(node: Node, change: Change) -> str:
    starts = _time(node)
    if change.dated:
        return _("%(day)s kl. %(clock)s", day=day(starts), clock=clock(starts))
    return _("kl. %(clock)s", clock=clock(starts))


def _called(room: str) -> str:
    """A room's name with the word before it, unless the name says that it is one."""
    if any(word in room.casefold() for word in IS_ROOM):
        return room
    return _("rum %(room)s", room=room)


def _listed(names: tuple[str, ...]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s och %(last)s", first=", ".join(names[:-1]), last=names[-1])


def _length(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(num)s minut", "%(num)s minuter", minutes)
    whole: str = ngettext("%(num)s timme", "%(num)s timmar", hours)
    if not rest:
        return whole
    more: str = ngettext("%(num)s minut", "%(num)s minuter", rest)
    return _("%(first)s och %(last)s", first=whole, last=more)
