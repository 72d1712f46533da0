"""Every effect is asked for with a key: asked twice, it happens once."""

import hashlib
from datetime import datetime

import sqlalchemy as sa
from flask import request
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, make_transient_to_detached, mapped_column

from core.db import Code, Instant, Key, Model

NOT_PART_OF_THE_BODY = {"csrf_token", "form_key"}


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
    """A digest of what the form holds, its key and token apart."""
    digest = hashlib.sha256()
    for name in sorted(request.form):
        if name not in NOT_PART_OF_THE_BODY:
            digest.update(repr((name, request.form.getlist(name))).encode("utf-8", "replace"))
    for name in sorted(request.files):
        for file in request.files.getlist(name):
            digest.update(repr((name, file.filename)).encode("utf-8", "replace"))
    return digest.hexdigest()


def claim(session: Session, *, purpose: str, key: str, body: str, now: datetime) -> IdempotencyKey:
    """The row of this effect: new (answer "") or, where it has happened, with its answer.

    A second asker waits for the first one's transaction, as both write the same unique row.
    Raises `KeyReused` where the key came with another body.
    """
    values = {"purpose": purpose, "key": key, "body": body, "answer": "", "created": now}
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    table = IdempotencyKey.metadata.tables["idempotency_key"]
    claimed = insert(table).on_conflict_do_nothing().returning(table.c.id)
    new = session.scalar(claimed, values)
    if new is not None:
        row = IdempotencyKey(id=new, **values)
        make_transient_to_detached(row)
        session.add(row)
        return row
    row = session.execute(
        sa.select(IdempotencyKey).filter_by(purpose=purpose, key=key)
    ).scalar_one()
    if row.body != body:
        raise KeyReused
    return row
