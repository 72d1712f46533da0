"""files of events"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('speaker_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('visibility', sa.Enum('public', 'registered', 'staff', name='visibility', native_enum=False, length=40), nullable=False),
    sa.Column('kind', sa.Enum('pdf', 'pptx', 'docx', 'odt', 'odp', 'jpg', 'png', name='filekind', native_enum=False, length=40), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=35), nullable=False),
    sa.Column('alternative', sa.Text(), nullable=False),
    sa.Column('access', sa.Enum('unknown', 'accessible', 'elsewhere', 'exempt', name='access', native_enum=False, length=40), nullable=False),
    sa.Column('access_url', sa.String(length=600), nullable=False),
    sa.Column('access_reason', sa.Text(), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_attachment_created_by_id_user_account')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_attachment_event_id_event')),
    sa.ForeignKeyConstraint(['item_id'], ['programme_item.id'], name=op.f('fk_attachment_item_id_programme_item'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_attachment_speaker_id_speaker'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('key', name=op.f('uq_attachment_key')),
    sa.UniqueConstraint('token', name=op.f('uq_attachment_token'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_speaker_id'), ['speaker_id'], unique=False)

    op.add_column('event', sa.Column('attached', sa.Integer(), nullable=False, server_default='0'))



def downgrade() -> None:
    op.drop_column('event', 'attached')

    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_speaker_id'))
        batch_op.drop_index(batch_op.f('ix_attachment_item_id'))
        batch_op.drop_index(batch_op.f('ix_attachment_event_id'))

    op.drop_table('attachment')
