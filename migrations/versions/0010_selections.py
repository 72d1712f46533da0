"""what was done with a selection"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('selection_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.Enum('cancel', name='action', native_enum=False, length=40), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('people', sa.JSON(), nullable=False),
    sa.Column('acted', sa.Integer(), nullable=False),
    sa.Column('left', sa.JSON(), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_selection_run_event_id_event')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_selection_run_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_selection_run'))
    )
    with op.batch_alter_table('selection_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_selection_run_event_id'), ['event_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('selection_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_selection_run_event_id'))

    op.drop_table('selection_run')
