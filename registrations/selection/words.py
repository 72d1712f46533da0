"""What is done with a selection, in words."""

from flask_babel import lazy_gettext as _l

from registrations.selection.rules import Action

ACTION = {Action.CANCEL: _l("Avanmäl")}
LOG = {"selection.cancel": _l("Avanmälde flera")}
