"""Remember how somebody wants the list."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from accounts.models import User
from registrations.roster.models import ListColumns
from registrations.roster.rules import in_order


def choose_columns(session: Session, user: User, names: Iterable[str]) -> None:
    """Keep the columns that `user` wants in every list from now on."""
    columns = [column.value for column in in_order(names)]
    chosen = session.get(ListColumns, user.id)
    if chosen is None:
        session.add(ListColumns(user_id=user.id, columns=columns))
    else:
        chosen.columns = columns
