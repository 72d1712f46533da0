"""Verbs for an event's own questions and for what people answer."""

from registrations.questions.services.answering import is_known, keep, refuse_changed
from registrations.questions.services.asking import (
    add_question,
    change_question,
    copy_questions,
    move_question,
    retire_question,
    take_up_question,
)

__all__ = [
    "add_question",
    "change_question",
    "copy_questions",
    "is_known",
    "keep",
    "move_question",
    "refuse_changed",
    "retire_question",
    "take_up_question",
]
