"""import of participants"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('participant_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('guarded', sa.Boolean(), nullable=False),
    sa.Column('headings', sa.Boolean(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('mode', sa.Enum('room', 'online', name='mode', native_enum=False, length=40), nullable=False),
    sa.Column('sector', sa.Enum('municipality', 'region', 'county_board', 'agency', 'government_offices', 'civil_society', 'municipal_association', 'business', 'university', 'other', name='sector', native_enum=False, length=40), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('ready', sa.JSON(), nullable=False),
    sa.Column('faults', sa.JSON(), nullable=False),
    sa.Column('double', sa.JSON(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('surplus', sa.Enum('refuse', 'queue', name='surplus', native_enum=False, length=40), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('emptied', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_participant_import_event_id_event')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_participant_import_job_id_job'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_participant_import_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant_import'))
    )
    with op.batch_alter_table('participant_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participant_import_event_id'), ['event_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('participant_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_participant_import_event_id'))

    op.drop_table('participant_import')
