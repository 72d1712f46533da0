"""How the seats of a slot are given, what people wish, and what a placement gave them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.columns import Instant, Key, choice
from core.db import Model
from events.models import Event, ProgrammeItem
from registrations.models import Registration
from registrations.placement.rules import How, Outcome, Rule, RunState


class SeminarSlot(Model):
    """How the seats of one choice group are given. A group without a row: first come."""

    __tablename__ = "seminar_slot"
    __table_args__ = (sa.UniqueConstraint("event_id", "choice_group"),)

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id))
    group: Mapped[str] = mapped_column("choice_group", sa.String(40))
    how: Mapped[How] = mapped_column(choice(How))


class OnlineSeminar(Model):
    """A programme item in which also those who take part online are given a seat."""

    __tablename__ = "online_seminar"

    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ProgrammeItem.id, ondelete="CASCADE"), primary_key=True
    )


class Wish(Model):
    """A first (rank 1) or second choice. A wish takes no seat; a seat is an `ItemChoice`.

    In a slot that is first come there are wishes only of those who got their second choice.
    """

    __tablename__ = "wish"
    __table_args__ = (
        sa.UniqueConstraint("registration_id", "item_id"),
        sa.CheckConstraint("rank IN (1, 2)", name="first_or_second"),
    )

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey(Registration.id, ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ProgrammeItem.id, ondelete="CASCADE"), index=True
    )
    rank: Mapped[int]
    at: Mapped[Instant]


class PlacementRun(Model):
    """One placement: how it was asked for, its numbers, and how far it has come.

    `done` of `total` people have had their turn; `missed` counts those whose seat was gone, or
    who had cancelled, by then.
    """

    __tablename__ = "placement_run"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    at: Mapped[Instant]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    rule: Mapped[Rule] = mapped_column(choice(Rule))
    fill: Mapped[bool]
    anew: Mapped[bool]
    letters: Mapped[bool]
    state: Mapped[RunState] = mapped_column(choice(RunState))
    job_id: Mapped[int | None]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
    numbers: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    by: Mapped[User | None] = relationship()


class Planned(Model):
    """What one person is to be given by a run that goes on; gone when it is done."""

    __tablename__ = "placement_planned"

    run_id: Mapped[int] = mapped_column(sa.ForeignKey(PlacementRun.id), primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), index=True
    )
    entries: Mapped[list[Any]] = mapped_column(sa.JSON)


class Placement(Model):
    """What somebody got in a slot the last time, and the numbers that tell why."""

    __tablename__ = "placement"
    __table_args__ = (sa.UniqueConstraint("registration_id", "choice_group"),)

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey(Registration.id, ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey(PlacementRun.id), index=True)
    group: Mapped[str] = mapped_column("choice_group", sa.String(40))
    item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(ProgrammeItem.id, ondelete="CASCADE"), index=True
    )
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    why: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[Instant]
