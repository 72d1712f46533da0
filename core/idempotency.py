"""Every effect is asked for with a key: asked twice, it happens once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.columns import Code, Instant, Key
from core.db import Model

NOT_PART_OF_THE_BODY = {"csrf_token", "form_key", "form_opened", "form_work"}


class IdempotencyKey(Model):
    """One effect that was asked for, and the address its answer sent the asker on to."""

    __tablename__ = "idempotency_key"
    __table_args__ = (sa.UniqueConstraint("purpose", "key"),)

    id: Mapped[Key]
    purpose: Mapped[Code] = mapped_column(sa.String(200))
    key: Mapped[Code]
    body: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[str] = mapped_column(sa.String(1000), default="")
    created: Mapped[Instant]


class KeyReused(Exception):
    """The key has been used for something else."""


def body_digest() -> str:
    """A digest of what the form holds, files too, its key and token apart."""
    digest = hashlib.sha256()
    for name in sorted(request.form):
        if name not in NOT_PART_OF_THE_BODY:
            digest.update(repr((name, request.form.getlist(name))).encode("utf-8", "replace"))
    for name in sorted(request.files):
        for file in request.files.getlist(name):
            digest.update(repr((name, file.filename)).encode("utf-8", "replace"))
            sent: Any = file.stream
            sent.seek(0)
            digest.update(hashlib.file_digest(sent, "sha256").digest())
            sent.seek(0)
    return digest.hexdigest()


@dataclass(frozen=True)
class Claim:
    """The row of an effect; `answer` is "" where it has not happened yet.

    `kept` is what the row says already, should it happen now.
    """

    id: int
    answer: str
    kept: str = ""


_TABLE = IdempotencyKey.metadata.tables["idempotency_key"]
_VALUES: dict[str, Any] = {
    name: sa.bindparam(name) for name in ("purpose", "key", "body", "answer", "created")
}
_CLAIM = {
    name: insert(_TABLE).values(_VALUES).on_conflict_do_nothing().returning(_TABLE.c.id)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_SETTLE = (
    sa.update(_TABLE)
    .where(_TABLE.c.id == sa.bindparam("claimed"))
    .values(answer=sa.bindparam("given"))
)


def claim(
    session: Session, *, purpose: str, key: str, body: str, now: datetime, expected: str = ""
) -> Claim:
    """Claim an effect: new, or with the answer of the time it happened.

    An answer that can be `expected` is kept at once, and need not be settled if it comes true.
    A second asker waits for the first one's transaction, as both write the same unique row.
    Raises `KeyReused` where the key came with another body.
    """
    connection = session.connection()
    values = {"purpose": purpose, "key": key, "body": body, "answer": expected, "created": now}
    new = connection.execute(_CLAIM[connection.dialect.name], values).scalar()
    if new is not None:
        return Claim(new, "", expected)
    row = connection.execute(
        sa.select(_TABLE.c.id, _TABLE.c.answer, _TABLE.c.body).filter_by(purpose=purpose, key=key)
    ).one()
    if row.body != body:
        raise KeyReused
    return Claim(row.id, row.answer)


def settle(session: Session, claimed: Claim, answer: str) -> None:
    """Keep the address that the asker is sent on to."""
    if answer == claimed.kept:
        return
    session.connection().execute(_SETTLE, {"claimed": claimed.id, "given": answer})
