"""The organiser's pages."""

from events.views.manage import (
    create,
    edit,
    items,
    overview,
    publish,
    speakers,
    start,
    states,
)

__all__ = [
    "create",
    "edit",
    "items",
    "overview",
    "publish",
    "speakers",
    "start",
    "states",
]
