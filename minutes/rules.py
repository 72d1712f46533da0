"""Pure decisions about minutes."""

import enum


class State(enum.StrEnum):
    """Where minutes stand."""

    DRAFT = "draft"
    PUBLISHED = "published"
