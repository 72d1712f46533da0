"""What the list asks besides who is in it."""

from sqlalchemy.orm import Session

from registrations.roster.models import ListColumns
from registrations.roster.rules import DEFAULT, Column, in_order


def columns_of(session: Session, user_id: int) -> list[Column]:
    """The columns that somebody has chosen, or those that everybody begins with."""
    chosen = session.get(ListColumns, user_id)
    return list(DEFAULT) if chosen is None else in_order(chosen.columns)
