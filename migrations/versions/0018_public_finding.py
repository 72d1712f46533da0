"""public finding"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('themes', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('audiences', sa.String(length=400), nullable=False, server_default=''))

    op.create_table('search_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('event', 'item', 'speaker', 'minutes', 'file', name='documentkind', native_enum=False, length=40), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('endpoint', sa.String(length=80), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('starts', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends', sa.DateTime(timezone=True), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_search_document_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_document')),
    sa.UniqueConstraint('event_id', 'kind', 'key', name=op.f('uq_search_document_event_id_kind_key'))
    )
    # The words themselves: events/finding/index.py knows these tables.
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(title, body, more, tags, "
            "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\", prefix='2 3')"
        )
    else:
        op.execute(
            "CREATE TABLE search_index (document_id integer CONSTRAINT pk_search_index PRIMARY KEY "
            "CONSTRAINT fk_search_index_document_id_search_document "
            "REFERENCES search_document (id) ON DELETE CASCADE, words tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_index_words ON search_index USING gin (words)")


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
    op.drop_table('search_document')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('audiences')
        batch_op.drop_column('themes')
