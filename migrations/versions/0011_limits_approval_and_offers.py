"""limits, approval and offers"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

MODE = sa.Enum('room', 'online', name='mode', native_enum=False, length=40)
SECTORS = (
    'municipality', 'region', 'county_board', 'agency', 'government_offices', 'civil_society',
    'municipal_association', 'business', 'university', 'other',
)
KINDS = ('mode', 'item_id', 'others_mode', 'organisation_key')
ONE_KIND = ' + '.join(f'(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)' for name in KINDS) + ' = 1'
MODE_OR_ITEM = '(mode IS NULL) <> (item_id IS NULL)'


def upgrade() -> None:
    op.create_table(
        'quota',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('event_id', sa.Integer(), nullable=False),
        sa.Column('mode', MODE, nullable=False),
        sa.Column('sector', sa.Enum(*SECTORS, name='sector', native_enum=False, length=40),
                  nullable=False),
        sa.Column('seats', sa.Integer(), nullable=False),
        sa.Column('opens', sa.DateTime(timezone=True), nullable=True),
        sa.Column('released', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('seats > 0', name=op.f('ck_quota_some_seats')),
        sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_quota_event_id_event')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quota')),
        sa.UniqueConstraint('event_id', 'mode', 'sector',
                            name=op.f('uq_quota_event_id_mode_sector')),
    )
    op.create_index(op.f('ix_quota_event_id'), 'quota', ['event_id'])
    op.add_column('event', sa.Column('approval', sa.Boolean(), nullable=False,
                                     server_default=sa.false()))
    op.add_column('event', sa.Column(
        'waiting_rule',
        sa.Enum('given', 'offered', name='waitingrule', native_enum=False, length=40),
        nullable=False, server_default='given'))
    op.add_column('event', sa.Column('offer_hours', sa.Integer(), nullable=False,
                                     server_default='48'))
    op.add_column('event', sa.Column('max_per_organisation', sa.Integer(), nullable=True))
    with op.batch_alter_table('pool') as batch:
        batch.add_column(sa.Column('others_mode', MODE, nullable=True))
        batch.add_column(sa.Column('others_than', sa.String(length=200), nullable=True))
        batch.add_column(sa.Column('organisation_key', sa.String(length=250), nullable=True))
        batch.create_unique_constraint(batch.f('uq_pool_event_id_others_mode_others_than'),
                                       ['event_id', 'others_mode', 'others_than'])
        batch.create_unique_constraint(batch.f('uq_pool_event_id_organisation_key'),
                                       ['event_id', 'organisation_key'])
        batch.drop_constraint(batch.f('ck_pool_mode_or_item'), type_='check')
        batch.create_check_constraint(batch.f('ck_pool_one_kind'), ONE_KIND)
    op.add_column('registration', sa.Column('link_key', sa.String(length=32), nullable=False,
                                            server_default=''))
    op.execute('UPDATE registration SET link_key = CAST(id AS VARCHAR(32))')
    op.add_column('registration', sa.Column('offered_until',
                                            sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('registration', 'offered_until')
    op.drop_column('registration', 'link_key')
    op.execute('DELETE FROM pool WHERE mode IS NULL AND item_id IS NULL')
    with op.batch_alter_table('pool') as batch:
        batch.drop_constraint(batch.f('ck_pool_one_kind'), type_='check')
        batch.create_check_constraint(batch.f('ck_pool_mode_or_item'), MODE_OR_ITEM)
        batch.drop_constraint('uq_pool_event_id_organisation_key', type_='unique')
        batch.drop_constraint('uq_pool_event_id_others_mode_others_than', type_='unique')
        batch.drop_column('organisation_key')
        batch.drop_column('others_than')
        batch.drop_column('others_mode')
    for name in ('max_per_organisation', 'offer_hours', 'waiting_rule', 'approval'):
        op.drop_column('event', name)
    op.drop_index(op.f('ix_quota_event_id'), table_name='quota')
    op.drop_table('quota')
