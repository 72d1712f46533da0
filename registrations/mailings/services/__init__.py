"""Verbs of mailings: write, plan, send, correct, opt out, remind."""

from registrations.mailings.services.addresses import correct, follow_correction, opt_out
from registrations.mailings.services.reminding import remind_due, set_reminder
from registrations.mailings.services.sending import (
    called_off,
    has_stopped,
    plan,
    resume,
    send_trial,
    step,
    unplan,
    why_stopped,
)
from registrations.mailings.services.writing import change, copy, draft, remove

__all__ = [
    "called_off",
    "change",
    "copy",
    "correct",
    "draft",
    "follow_correction",
    "has_stopped",
    "opt_out",
    "plan",
    "remind_due",
    "remove",
    "resume",
    "send_trial",
    "set_reminder",
    "step",
    "unplan",
    "why_stopped",
]
