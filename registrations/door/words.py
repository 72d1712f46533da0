"""What the page at the door says: to people, and to the script that speaks for it."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import clock
from events.words import MODE
from registrations.rules import Tick
from registrations.words import CAME_WITHOUT_SEAT, STATUS

TICK = {
    Tick.IN: _l("Avprickad"),
    Tick.OUT: _l("Gick"),
    Tick.UNDO: _l("Avprickning ångrad"),
}
CORRECTED = {
    Tick.IN: _l("Var där"),
    Tick.OUT: _l("Gick"),
    Tick.UNDO: _l("Det som stod gäller inte"),
}


def done(name: str, tick: Tick) -> str:
    """What is said when a press has written its line."""
    sentences = {
        Tick.IN: _("%(name)s är avprickad.", name=name),
        Tick.OUT: _("%(name)s har gått.", name=name),
        Tick.UNDO: _("%(name)s är inte längre avprickad.", name=name),
    }
    return sentences[tick]


def done_already(name: str, tick: Tick, at: datetime, by: str) -> str:
    """What is said when it was done before, by oneself or by a colleague."""
    gaps = {"name": name, "time": clock(at), "who": by or _("tjänsten")}
    sentences = {
        Tick.IN: _("%(name)s är redan avprickad %(time)s av %(who)s.", **gaps),
        Tick.OUT: _("%(name)s har redan gått, %(time)s enligt %(who)s.", **gaps),
        Tick.UNDO: _("%(name)s är redan inte avprickad, sedan %(time)s av %(who)s.", **gaps),
    }
    return sentences[tick]


def put_right(name: str, by: str) -> str:
    """What is said of a press that waited while the organiser put things right by hand."""
    return _("Närvaron för %(name)s är rättad för hand av %(who)s. Den gäller.", name=name, who=by)


def spoken() -> dict[str, object]:
    """The words of the script, with gaps like {name} that it fills in."""
    gaps = {"name": "{name}", "time": "{time}", "who": "{who}", "number": "{number}"}
    return {
        "status": {status.value: str(words) for status, words in STATUS.items()},
        "unseated": str(CAME_WITHOUT_SEAT),
        "mode": {mode.value: str(words) for mode, words in MODE.items()},
        "came": _("Kom %(time)s", **gaps),
        "left": _("Gick %(time)s", **gaps),
        "who": _("av %(who)s", **gaps),
        "waits": _("väntar på nätet", **gaps),
        "in": _("%(name)s är avprickad.", **gaps),
        "out": _("%(name)s har gått.", **gaps),
        "undo": _("%(name)s är inte längre avprickad.", **gaps),
        "again": _("%(name)s är redan avprickad %(time)s av %(who)s.", **gaps),
        "queued": _("%(name)s: sparat här, väntar på nätet.", **gaps),
        "waiting": _("Väntar på nätet (%(number)s)", **gaps),
        "offline": _(
            "Inget nät. Sök och pricka av som vanligt, allt skickas när nätet är tillbaka."
        ),
        "sent": _("Nätet är tillbaka. Allt är skickat."),
        "signed_out": _(
            "Du är utloggad. Logga in i en ny flik, så skickas det som väntar härifrån."
        ),
        "somebody_else": _(
            "Någon annan är inloggad nu. Logga in som den som öppnade sidan, så skickas det "
            "som väntar."
        ),
        "none": _(
            "Ingen anmäld stämmer med ”%(text)s”. Prova bara efternamnet, eller organisationen.",
            text="{name}",
        ),
        "no_code": _("Koden hör inte till någon anmäld till det här evenemanget."),
        "needs_net": _("Att lägga in någon ny kräver nät. Skriv upp namnet så länge."),
        "no_camera": _("Kameran går inte att använda. Skriv koden i sökrutan."),
    }
