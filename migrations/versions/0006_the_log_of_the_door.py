"""The door's log: when a line was written, and nothing but additions"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

SENTENCE = "check_in: the log is only added to"
ON_SQLITE = [
    f"CREATE TRIGGER check_in_never_{what.lower()}d BEFORE {what} ON check_in "
    f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    for what in ("UPDATE", "DELETE")
]
ON_POSTGRESQL = [
    "CREATE FUNCTION check_in_only_added() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$",
    *(
        f"CREATE TRIGGER check_in_never_{what.lower()}d BEFORE {what} ON check_in "
        "FOR EACH ROW EXECUTE FUNCTION check_in_only_added()"
        for what in ("UPDATE", "DELETE")
    ),
]


def upgrade() -> None:
    with op.batch_alter_table('check_in') as batch_op:
        batch_op.add_column(sa.Column('written', sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE check_in SET written = at")
    with op.batch_alter_table('check_in') as batch_op:
        batch_op.alter_column('written', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_index('ix_check_in_event_id')
        batch_op.create_index('ix_check_in_log', ['event_id', 'id'])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in ON_SQLITE if sqlite else ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for what in ("updated", "deleted"):
        on = "" if op.get_bind().dialect.name == "sqlite" else " ON check_in"
        op.execute(f"DROP TRIGGER check_in_never_{what}{on}")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION check_in_only_added()")
    with op.batch_alter_table('check_in') as batch_op:
        batch_op.drop_index('ix_check_in_log')
        batch_op.drop_column('written')
        batch_op.create_index('ix_check_in_event_id', ['event_id'])
