"""Answers as columns of a table of participants: one for each question and old wording."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from registrations.questions import queries
from registrations.questions.queries import Strand
from registrations.questions.rules import Value
from registrations.questions.words import said
from registrations.rules import Status

Cell = str | int | None


class Columns:
    """The headers, and the cells of each person; never of a protected person.

    Costs an event without questions one small question to the database, others four.
    """

    def __init__(self, session: Session, event_id: int, statuses: Iterable[Status]) -> None:
        self.strands = queries.strands(session, event_id)
        self.given = queries.replies(session, event_id, statuses) if self.strands else {}

    @property
    def headers(self) -> list[str]:
        """One for each question in each of its wordings."""
        return [_header(strand) for strand in self.strands]

    def cells(self, registration_id: int) -> list[Cell]:
        """What the person answered, in the order of the headers."""
        mine = self.given.get(registration_id, {})
        found: list[Cell] = []
        for strand in self.strands:
            values = [mine[id_] for id_ in strand.wordings if id_ in mine]
            found.append(_cell(values[0]) if values else None)
        return found


def _header(strand: Strand) -> str:
    if strand.retired:
        return _("%(label)s (frågan är borttagen)", label=strand.label)
    if not strand.current:
        return _("%(label)s (äldre lydelse)", label=strand.label)
    return strand.label


def _cell(value: Value) -> Cell:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return said(value)
