"""calendars"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('authority', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('sender_address', sa.String(length=320), server_default='', nullable=False)
        )

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('calendar', sa.String(length=10), server_default='', nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_column('calendar')

    with op.batch_alter_table('authority', schema=None) as batch_op:
        batch_op.drop_column('sender_address')
