"""Verbs that change minutes. None commits, makes a PDF or knows Flask's request."""

from minutes.services.publishing import add_addendum, publish
from minutes.services.starting import start
from minutes.services.writing import (
    HEAD,
    add_section,
    fill,
    forget_item,
    move_section,
    remove_section,
    save,
    save_section,
)

__all__ = [
    "HEAD",
    "add_addendum",
    "add_section",
    "fill",
    "forget_item",
    "move_section",
    "publish",
    "remove_section",
    "save",
    "save_section",
    "start",
]
