"""parallel seminars"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('placement_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('fill', sa.Boolean(), nullable=False),
    sa.Column('anew', sa.Boolean(), nullable=False),
    sa.Column('letters', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('running', 'done', name='runstate', native_enum=False, length=40), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('missed', sa.Integer(), nullable=False),
    sa.Column('numbers', sa.JSON(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_placement_run_by_id_user_account')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_placement_run_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement_run'))
    )
    with op.batch_alter_table('placement_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_run_event_id'), ['event_id'], unique=False)

    op.create_table('seminar_slot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('choice_group', sa.String(length=40), nullable=False),
    sa.Column('how', sa.Enum('first_come', 'placed', name='how', native_enum=False, length=40), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_seminar_slot_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_slot')),
    sa.UniqueConstraint('event_id', 'choice_group', name=op.f('uq_seminar_slot_event_id_choice_group'))
    )
    op.create_table('online_seminar',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['programme_item.id'], name=op.f('fk_online_seminar_item_id_programme_item'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_online_seminar'))
    )
    op.create_table('placement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('choice_group', sa.String(length=40), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.Enum('first', 'second', 'room', 'none', 'by_hand', name='outcome', native_enum=False, length=40), nullable=False),
    sa.Column('why', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['programme_item.id'], name=op.f('fk_placement_item_id_programme_item'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_placement_registration_id_registration'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['placement_run.id'], name=op.f('fk_placement_run_id_placement_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement')),
    sa.UniqueConstraint('registration_id', 'choice_group', name=op.f('uq_placement_registration_id_choice_group'))
    )
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_run_id'), ['run_id'], unique=False)

    op.create_table('wish',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rank IN (1, 2)', name=op.f('ck_wish_first_or_second')),
    sa.ForeignKeyConstraint(['item_id'], ['programme_item.id'], name=op.f('fk_wish_item_id_programme_item'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_wish_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wish')),
    sa.UniqueConstraint('registration_id', 'item_id', name=op.f('uq_wish_registration_id_item_id'))
    )
    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wish_item_id'), ['item_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wish_item_id'))

    op.drop_table('wish')
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_run_id'))
        batch_op.drop_index(batch_op.f('ix_placement_item_id'))

    op.drop_table('placement')
    op.drop_table('online_seminar')
    op.drop_table('seminar_slot')
    with op.batch_alter_table('placement_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_run_event_id'))

    op.drop_table('placement_run')
