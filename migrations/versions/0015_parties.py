"""parties"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('party',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('contact_name', sa.String(length=200), nullable=False),
    sa.Column('contact_email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('contact_phone', sa.String(length=40), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('sector', sa.Enum('municipality', 'region', 'county_board', 'agency', 'government_offices', 'civil_society', 'municipal_association', 'business', 'university', 'other', name='sector', native_enum=False, length=40), nullable=False),
    sa.Column('municipality', sa.String(length=4), nullable=True),
    sa.Column('how', sa.Enum('all', 'queue', 'fit', name='how', native_enum=False, length=40), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('made_with', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('token_version', sa.Integer(), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_party_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party')),
    sa.UniqueConstraint('made_with', name=op.f('uq_party_made_with')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_party_token_hash'))
    )
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_party_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_party_event_id'), ['event_id'], unique=False)

    op.create_table('party_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=201), nullable=False),
    sa.Column('ours', sa.Boolean(), nullable=False),
    sa.Column('outcome', sa.Enum('confirmed', 'waiting', 'pending', 'declined', 'cancelled', name='status', native_enum=False, length=40), nullable=False),
    sa.Column('gone', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_party_member_party_id_party'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_party_member_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_member'))
    )
    with op.batch_alter_table('party_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_party_member_party_id'), ['party_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_party_member_registration_id'), ['registration_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('party_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_party_member_registration_id'))
        batch_op.drop_index(batch_op.f('ix_party_member_party_id'))

    op.drop_table('party_member')
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_party_event_id'))
        batch_op.drop_index(batch_op.f('ix_party_email_key'))

    op.drop_table('party')
