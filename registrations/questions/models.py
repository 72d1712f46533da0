"""Questions, each with its wordings, and the answers, each to the wording it was given to."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.columns import Instant, Key, Prose, choice
from core.db import Model, Versioned
from events.models import Event
from events.rules import Mode
from registrations.models import Registration
from registrations.questions.rules import DAYS, LABEL, PURPOSE, Asked, Kind


class Question(Versioned):
    """A question of one event's form: where it stands, and which of its wordings holds."""

    __tablename__ = "form_question"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), index=True)
    place: Mapped[int]
    number: Mapped[int] = mapped_column(default=1)
    retired: Mapped[Instant | None]
    event: Mapped[Event] = relationship()
    wordings: Mapped[list["Wording"]] = relationship(
        back_populates="question",
        order_by="Wording.number",
        cascade="all, delete-orphan",
        foreign_keys="Wording.question_id",
    )

    @property
    def authority_id(self) -> int:
        """Whose it is (for the gate)."""
        return self.event.authority_id

    @property
    def wording(self) -> "Wording":
        """The wording that holds."""
        return next(one for one in self.wordings if one.number == self.number)


class Wording(Model):
    """A question as it was put at one time. Never changed once it has been answered."""

    __tablename__ = "form_wording"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "number"),
        # A number is never used again: forms that are open in a browser know wordings by it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Key]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey(Question.id))
    number: Mapped[int]
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    label: Mapped[str] = mapped_column(sa.String(LABEL))
    purpose: Mapped[str] = mapped_column(sa.String(PURPOSE))
    options: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    required: Mapped[bool] = mapped_column(default=False)
    days: Mapped[int] = mapped_column(default=DAYS)
    mode: Mapped[Mode | None] = mapped_column(choice(Mode))
    sectors: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    after_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Question.id))
    answer: Mapped[str] = mapped_column(sa.String(LABEL), default="")
    created: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
    question: Mapped[Question] = relationship(back_populates="wordings", foreign_keys=[question_id])

    @property
    def asked(self) -> Asked:
        """The wording as rules and forms take it."""
        return Asked(
            id=self.id, question_id=self.question_id, kind=self.kind, label=self.label,
            purpose=self.purpose, options=tuple(self.options), required=self.required,
            days=self.days, mode=self.mode.value if self.mode else "",
            sectors=tuple(self.sectors), after=self.after_id, answer=self.answer,
        )  # fmt: skip


class Reply(Model):
    """What somebody answered, as JSON text (comparable on every database), to which wording."""

    __tablename__ = "form_reply"
    __table_args__ = (sa.UniqueConstraint("registration_id", "question_id"),)

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey(Registration.id, ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(sa.ForeignKey(Question.id), index=True)
    wording_id: Mapped[int] = mapped_column(sa.ForeignKey(Wording.id), index=True)
    value: Mapped[Prose]
    given: Mapped[Instant]
    wording: Mapped[Wording] = relationship()
