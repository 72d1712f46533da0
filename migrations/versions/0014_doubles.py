"""two registrations that are one person, and those that are not"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('registration_merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('gone_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.CheckConstraint('kept_id <> gone_id', name=op.f('ck_registration_merge_two')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_registration_merge_event_id_event')),
    sa.ForeignKeyConstraint(['gone_id'], ['registration.id'], name=op.f('fk_registration_merge_gone_id_registration')),
    sa.ForeignKeyConstraint(['kept_id'], ['registration.id'], name=op.f('fk_registration_merge_kept_id_registration')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_registration_merge_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_merge')),
    sa.UniqueConstraint('gone_id', name=op.f('uq_registration_merge_gone_id'))
    )
    with op.batch_alter_table('registration_merge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_merge_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_merge_kept_id'), ['kept_id'], unique=False)

    op.create_table('two_persons',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_two_persons_event_id_event')),
    sa.ForeignKeyConstraint(['first_id'], ['registration.id'], name=op.f('fk_two_persons_first_id_registration')),
    sa.ForeignKeyConstraint(['second_id'], ['registration.id'], name=op.f('fk_two_persons_second_id_registration')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_two_persons_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_two_persons')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_two_persons_first_id_second_id'))
    )
    with op.batch_alter_table('two_persons', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_two_persons_event_id'), ['event_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('two_persons', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_two_persons_event_id'))

    op.drop_table('two_persons')
    with op.batch_alter_table('registration_merge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_merge_kept_id'))
        batch_op.drop_index(batch_op.f('ix_registration_merge_event_id'))

    op.drop_table('registration_merge')
