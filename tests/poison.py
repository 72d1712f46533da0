"""Every text column of every table filled with what means ill, each with a mark of its own.

What columns there are is read from the tables: a new one is poisoned without being named here,
unless it is one that no person writes (`MADE`) or that has a shape of its own (`SHAPED`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core import crypto
from core.db import Model, db
from events.speaking.models import Engagement
from registrations.needs import KINDS, keep

PIECES = (
    "\r\nBcc: evil@evil.example\r\n\r\n",
    "=?utf-8?q?=0D=0ABcc:_evil=40evil.example?=",
    '"><script src="//evil.example"></script><img src=x onerror=alert(1)>',
    "[x](https://evil.example/m)![x](https://evil.example/i)<https://evil.example/u>",
    "\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nATTENDEE:mailto:evil@evil.example\r\n",
    "\u2028X-EVIL:1\u0085\u202e\x0b\x1f",
    '#import "evil.typ" #link("https://evil.example/t")[x] $x$ #read("/etc/passwd") `x',
    "{{7*7}} %(x)s {0.__class__} {förnamn} {länk}",
    ';,:\\" <evil@evil.example>, evil@evil.example',
    "]]></title><link href='https://evil.example/'/>&lt;b&gt;&#10;Bcc:x",
    "javascript:alert(1) <a href=javascript:alert(1)>x</a>",
)

# Written by the house, or chosen from what it offers: no text of a person's.
MADE = frozenset({
    "slug", "uid", "zone", "municipality", "county_code", "language", "token", "token_hash",
    "link_key", "email_key", "name_key", "sort_key", "organisation_key", "key", "digest",
    "checksum", "content_digest", "body_hash", "face", "nonce", "mark", "lease", "slot", "kind",
    "purpose_key", "cursor", "outcome", "payload", "dedupe_key", "thread", "message_id",
    "calendar", "mimetype", "password_hash", "data_kind", "others_than", "made_with", "content",
    "times", "endpoint", "values",
})  # fmt: skip
MADE_HERE = frozenset(
    {"idempotency_key.purpose", "idempotency_key.body", "idempotency_key.answer",
     "job.about", "job.error", "outbox.about", "rate_count.subject", "turns.subject",
     "audit_entry.action", "audit_entry.subject_type", "mailing_opt_out.address",
     "attachment.name", "job.filename",  # cleaned where they are made (test_attachments)
     "mailing.audience", "list_columns.columns", "participant_import.fields",
     "participant_import.ready", "participant_import.faults", "participant_import.double",
     "participant_import.assumed", "placement_run.numbers", "placement.why",
     "placement_planned.entries", "selection_run.people", "selection_run.left",
     "form_wording.sectors", "badge.parts", "registration_merge.moved",
     # which items stand side by side, a key
     "programme_item.choice_group", "seminar_slot.choice_group", "placement.choice_group"}
)  # fmt: skip
# Addresses and numbers, which forms let through only in their own shape.
SHAPED = frozenset({
    "email", "contact_email", "sender_address", "reply_to", "recipient", "sender", "phone",
    "contact_phone", "online_url", "access_url",
})  # fmt: skip
# The database lets nobody change these: whoever poisons adds a row.
ADDED = frozenset({"check_in"})
# Text that holds JSON.
AS_JSON = frozenset({"form_reply.value"})
# Tables that the world of the tests leaves empty, and what of them is read in letters and files.
EMPTY = frozenset(
    {"disposal_rule", "disposal_run", "list_columns", "mailing_opt_out", "photo", "placement",
     "placement_planned", "placement_run", "rate_count", "turns", "seminar_slot", "badge",
     "registration_merge", "organisation_name"}
)  # fmt: skip


@dataclass(frozen=True)
class Poison:
    """The poisoned columns, by their marks."""

    marks: dict[str, str]

    def in_text(self, text: str) -> set[str]:
        """The columns whose mark stands in `text`."""
        return {column for mark, column in self.marks.items() if mark in text}


def columns() -> Iterator[sa.Column[Any]]:
    """Every column that holds what people write."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            text = isinstance(column.type, sa.String | sa.Text | sa.JSON)
            made = column.name in MADE or str(column) in MADE_HERE or column.name in SHAPED
            if (
                text
                and not isinstance(column.type, sa.Enum)
                and not made
                and table.name not in ADDED
            ):
                yield column


def poisoned(number: int, length: int | None, *, formula: bool = True) -> str:
    """A text of at most `length`, with the mark of column `number`; short ones get some pieces."""
    turned = PIECES[number % len(PIECES) :] + PIECES[: number % len(PIECES)]
    text = f"=q{number}z|'/C'!A0" if formula else f"q{number}z"
    for piece in turned:
        if length is None or len(text) + len(piece) <= length:
            text += piece
    return text


def poison() -> Poison:
    """Poison all there is. Call inside `write`."""
    session, marks = db.session, {}
    empty = set()
    for number, column in enumerate(columns()):
        marks[f"q{number}z"] = str(column)
        if not session.scalar(sa.select(sa.func.count()).select_from(column.table)):
            empty.add(column.table.name)
        length = getattr(column.type, "length", None)
        text = poisoned(number, length)
        if column.table.name in {"mailing", "reminder"}:  # braces are placeholders there
            text = text.translate({ord("{"): "(", ord("}"): ")"})
        if isinstance(column.type, sa.JSON):
            _poison_leaves(column, text)
        elif str(column) in AS_JSON:
            session.execute(sa.update(column.table).values({column: json.dumps(text)}))
        elif _alone(column):
            # Unique with others: a number before the text keeps them apart.
            first = sa.cast(column.table.c.id, sa.String) + sa.literal(text[: (length or 99) - 9])
            session.execute(sa.update(column.table).values({column: first}))
        else:
            session.execute(sa.update(column.table).values({column: text}))
    assert empty <= EMPTY, f"give {sorted(empty - EMPTY)} a row in tests/world.py"
    table = Model.metadata.tables["need"]
    for number, id_ in enumerate(session.scalars(sa.select(table.c.registration_id)).all()):
        marks[f"q{9000 + number}z"] = "need"
        keep(session, id_, dict.fromkeys(KINDS, poisoned(9000 + number, None)))
    for number, asked in enumerate(session.query(Engagement)):
        marks[f"q{9500 + number}z"] = "engagement.needs"
        told = {"needs": [], "other": poisoned(9500 + number, None)}
        asked.needs = crypto.encrypt(json.dumps(told))
    session.flush()
    session.expire_all()
    return Poison(marks)


def _poison_leaves(column: sa.Column[Any], text: str) -> None:
    key = column.table.c.id
    for id_, value in db.session.execute(sa.select(key, column)).all():
        db.session.execute(
            sa.update(column.table).where(key == id_).values({column: _leaves(value, text)})
        )


def _leaves(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {name: _leaves(one, text) for name, one in value.items()}
    if isinstance(value, list):
        return [_leaves(one, f"{text}{number}") for number, one in enumerate(value)]
    return text if isinstance(value, str) else value


def _alone(column: sa.Column[Any]) -> bool:
    return any(
        isinstance(one, sa.UniqueConstraint) and column.name in one.columns
        for one in column.table.constraints
    )
