"""who goes first to a seminar"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

RULE = sa.Enum('most', 'earliest', name='rule', native_enum=False, length=40)


def upgrade() -> None:
    with op.batch_alter_table('placement_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rule', RULE, nullable=False, server_default='most'))
        batch_op.add_column(sa.Column('total', sa.Integer(), nullable=False, server_default='0'))
        batch_op.drop_column('plan')

    op.create_table('placement_planned',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('turn', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('entries', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_placement_planned_registration_id_registration'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['placement_run.id'], name=op.f('fk_placement_planned_run_id_placement_run')),
    sa.PrimaryKeyConstraint('run_id', 'turn', name=op.f('pk_placement_planned'))
    )
    with op.batch_alter_table('placement_planned', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_planned_registration_id'), ['registration_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('placement_planned', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_planned_registration_id'))

    op.drop_table('placement_planned')
    with op.batch_alter_table('placement_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('plan', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.drop_column('total')
        batch_op.drop_column('rule')
