"""own calendars"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('own_feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('link_key', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('alarm', sa.Integer(), nullable=True),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_own_feed')),
    sa.UniqueConstraint('email_key', name=op.f('uq_own_feed_email_key')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_own_feed_token_hash'))
    )
    op.create_table('staff_feed',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('link_key', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_staff_feed_user_id_user_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_staff_feed')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_staff_feed_token_hash'))
    )
    op.create_table('calendar_reply',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('accepted', 'tentative', 'declined', name='answer', native_enum=False, length=40), nullable=False),
    sa.Column('standing', sa.Enum('counts', 'stranger', 'outrun', name='standing', native_enum=False, length=40), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('stamped', sa.DateTime(timezone=True), nullable=False),
    sa.Column('comment', sa.String(length=500), nullable=False),
    sa.Column('sender', sa.String(length=320), nullable=False),
    sa.Column('body_hash', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('received', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_calendar_reply_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_reply')),
    sa.UniqueConstraint('registration_id', 'body_hash', name=op.f('uq_calendar_reply_registration_id_body_hash'))
    )
    with op.batch_alter_table('calendar_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_reply_registration_id'), ['registration_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('calendar_reply', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calendar_reply_registration_id'))

    op.drop_table('calendar_reply')
    op.drop_table('staff_feed')
    op.drop_table('own_feed')
