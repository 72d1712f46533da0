"""What is done with a selection, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from registrations.selection.rules import Action

LOG = {
    "selection.cancel": _l("Avanmälde flera"),
    "selection.approve": _l("Godkände flera"),
    "selection.decline": _l("Avslog flera"),
}


def do_it(action: Action, number: int) -> str:
    """What the button says, e.g. "Avanmäl 3 personer"; the heading adds a question mark."""
    if action is Action.APPROVE:
        return ngettext("Godkänn %(num)s person", "Godkänn %(num)s personer", number)
    if action is Action.DECLINE:
        return ngettext("Avslå %(num)s person", "Avslå %(num)s personer", number)
    return ngettext("Avanmäl %(num)s person", "Avanmäl %(num)s personer", number)


def not_concerned(action: Action, number: int) -> str:
    """Of how many in the selection it means nothing."""
    if action is Action.CANCEL:
        return ngettext(
            "%(num)s av dem är redan avanmäld och berörs inte.",
            "%(num)s av dem är redan avanmälda och berörs inte.",
            number,
        )
    return ngettext(
        "%(num)s av dem väntar inte på besked och berörs inte.",
        "%(num)s av dem väntar inte på besked och berörs inte.",
        number,
    )


def what_follows(action: Action) -> str:
    """What it leads to."""
    if action is Action.APPROVE:
        return _(
            "Var och en får en plats, eller en plats på reservlistan där det är fullt, och ett "
            "mejl om det. Den som anmälde sig först går först."
        )
    if action is Action.DECLINE:
        return _("Var och en som har en adress får ett mejl med anledningen.")
    return _(
        "Var och en som har en adress får ett mejl om att anmälan inte längre gäller. "
        "Platserna går till nästa på reservlistan."
    )


def done(action: Action, number: int) -> str:
    """What was done."""
    if action is Action.APPROVE:
        return ngettext("%(num)s person är godkänd.", "%(num)s personer är godkända.", number)
    if action is Action.DECLINE:
        return ngettext("%(num)s person har fått nej.", "%(num)s personer har fått nej.", number)
    return ngettext("%(num)s person är avanmäld.", "%(num)s personer är avanmälda.", number)
