"""Parallel seminars, purely: the nouns, and who is placed where."""

from registrations.placement.rules.nouns import (
    Asking,
    Bar,
    Given,
    How,
    Outcome,
    Person,
    Pick,
    Rule,
    RunState,
    Seminar,
    Slot,
)
from registrations.placement.rules.placing import SlotPlan, place, plan

__all__ = [
    "Asking",
    "Bar",
    "Given",
    "How",
    "Outcome",
    "Person",
    "Pick",
    "Rule",
    "RunState",
    "Seminar",
    "Slot",
    "SlotPlan",
    "place",
    "plan",
]
