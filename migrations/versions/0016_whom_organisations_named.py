"""whom organisations named"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('representative',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('first_name', sa.String(length=100), nullable=False),
    sa.Column('last_name', sa.String(length=100), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('role_kind', sa.Enum('official', 'elected', 'other', name='rolekind', native_enum=False, length=40), nullable=False),
    sa.Column('mode', sa.Enum('room', 'online', name='mode', native_enum=False, length=40), nullable=False),
    sa.Column('ours', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_representative_invitation_id_invitation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_representative_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_representative'))
    )
    with op.batch_alter_table('representative', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_representative_invitation_id'), ['invitation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_representative_registration_id'), ['registration_id'], unique=False)

    # Of a person whom the organisation registered and who is protected now, the name that was
    # written is not known: what stands in the registration is theirs to show.
    op.execute("""
        INSERT INTO representative
            (invitation_id, registration_id, first_name, last_name, email, role_kind, mode, ours)
        SELECT invitation_id, id, first_name, last_name, email, role_kind, mode,
            source = 'invitation'
        FROM registration
        WHERE invitation_id IS NOT NULL
            AND status IN ('confirmed', 'waiting', 'pending', 'offered', 'unproven')
            AND NOT (protected AND source = 'invitation')
        ORDER BY id
    """)


def downgrade() -> None:
    with op.batch_alter_table('representative', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_representative_registration_id'))
        batch_op.drop_index(batch_op.f('ix_representative_invitation_id'))

    op.drop_table('representative')