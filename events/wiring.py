"""What events plug into the application: words for templates and the tabs of an event."""

from typing import Any

from flask import Flask
from flask_babel import gettext as _

from accounts.gate import current_user
from accounts.rules import DOOR, MINUTES, PEOPLE, PLAN, Role
from accounts.words import FIELD, LOG, VALUE
from core.health import checks
from events import invariants, words
from events.api import wiring as api
from events.attachments import wiring as attachments
from events.editing import wiring as editing
from events.finding import wiring as finding
from events.models import Event
from events.rules import IN_PROGRAMME, Step
from events.series import wiring as series
from events.speaking import wiring as speaking

Tab = tuple[str, str, str, frozenset[Role]]

STEP_ENDPOINTS = {
    Step.PROGRAMME: "events.programme",
    Step.PUBLISH: "events.publish",
    Step.NEW_TIME: "events.publish",
    Step.HELD: "events.publish",
    Step.MINUTES: "minutes.edit",
}
STEP_ROLES = dict.fromkeys(Step, PLAN) | {Step.MINUTES: MINUTES}


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    FIELD.update(words.FIELD)
    VALUE.update(words.ITEM_KIND)
    VALUE.update(words.KIND)
    known: dict[str, Any] = {
        "kind_words": words.KIND,
        "state_words": words.STATE,
        "state_prefix": words.PREFIX,
        "mode_words": words.MODE,
        "item_words": words.ITEM_KIND,
        "speaker_role_words": words.SPEAKER_ROLE,
        "assignment_words": words.ASSIGNMENT_STATE,
        "event_tabs": event_tabs,
        "step_words": words.STEP,
        "step_endpoints": STEP_ENDPOINTS,
        "step_roles": STEP_ROLES,
        "event_odd_words": words.ODD,
        "odd_in_programme": IN_PROGRAMME,
        "plan_roles": PLAN,
        "action_words": dict(words.ACTION),
        "plans": plans,
        "people_roles": PEOPLE,
    }
    app.jinja_env.globals.update(known)
    editing.init_app(app)
    checks(app, invariants.whole)
    finding.init_app(app)
    series.init_app(app)
    attachments.init_app(app)
    api.init_app(app)
    speaking.init_app(app)


def plans() -> bool:
    """Whether the signed-in user plans events somewhere."""
    user = current_user()
    return bool(user and user.authorities_with(PLAN))


def event_tabs(event: Event) -> list[Tab]:
    """The pages of one event in the workspace: name, endpoint, words and who sees them."""
    tabs = [
        ("overview", "events.overview", _("Läget"), PEOPLE),
        ("programme", "events.programme", _("Program"), PLAN),
        ("participants", "registrations.participants", _("Deltagare"), PEOPLE),
        ("invitations", "registrations.invitations", _("Inbjudna"), PLAN),
        ("mailings", "registrations.mailings", _("Utskick"), PLAN),
        ("door", "registrations.door", _("Dörren"), DOOR),
        ("minutes", "minutes.edit", _("Minnesanteckningar"), PEOPLE),
        ("settings", "events.edit", _("Inställningar"), PLAN),
    ]
    hidden = set() if event.is_issue_council or event.invited_only else {"invitations"}
    return [tab for tab in tabs if tab[0] not in hidden]
