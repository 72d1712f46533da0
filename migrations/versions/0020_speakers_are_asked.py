"""speakers are asked, and consent to each thing by itself

Who had consented has consented to name and photo, as both were shown; to recording and slides
nobody had been asked.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


INSTANT = sa.DateTime(timezone=True)
SPEAKER = sa.table(
    'speaker', sa.column('id', sa.Integer), sa.column('photo_id', sa.Integer),
    sa.column('consent', sa.Boolean), sa.column('consent_at', INSTANT),
    sa.column('name_given', INSTANT), sa.column('photo_given', INSTANT),
)
PHOTO = sa.table('photo', sa.column('id', sa.Integer), sa.column('token', sa.String), sa.column('speaker_id', sa.Integer))
RELEASE = sa.table('release', sa.column('content', sa.JSON))


def upgrade() -> None:
    op.create_table('engagement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('none', 'yes', 'no', name='answer', native_enum=False, length=40), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('answered', sa.DateTime(timezone=True), nullable=True),
    sa.Column('needs', sa.LargeBinary(), nullable=True),
    sa.Column('sent', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mailed', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded', sa.DateTime(timezone=True), nullable=True),
    sa.Column('nudged', sa.DateTime(timezone=True), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('token_version', sa.Integer(), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_engagement_event_id_event')),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_engagement_speaker_id_speaker')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_engagement')),
    sa.UniqueConstraint('event_id', 'speaker_id', name=op.f('uq_engagement_event_id_speaker_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_engagement_token_hash'))
    )
    with op.batch_alter_table('engagement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_engagement_speaker_id'), ['speaker_id'], unique=False)

    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.add_column(sa.Column('speaker_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_photo_speaker_id'), ['speaker_id'], unique=False)

    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name_given', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('name_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('photo_given', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('photo_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('recording_given', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('recording_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('slides_given', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('slides_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('ended_told', sa.Date(), nullable=True))

    given = sa.func.coalesce(SPEAKER.c.consent_at, sa.literal(datetime.now(UTC), INSTANT))
    op.execute(
        sa.update(SPEAKER).where(SPEAKER.c.consent.is_(sa.true())).values(name_given=given, photo_given=given)
    )
    say_whose_photos()
    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.drop_column('consent_at')
        batch_op.drop_column('consent')


def say_whose_photos():
    """Of those that were replaced the releases know it."""
    connection = op.get_bind()
    whose = {token: id_ for id_, token in connection.execute(
        sa.select(SPEAKER.c.id, PHOTO.c.token).join(PHOTO, PHOTO.c.id == SPEAKER.c.photo_id)
    )}
    for content, in connection.execute(sa.select(RELEASE.c.content)):
        content = json.loads(content) if isinstance(content, str) else content
        for who in content.get('speakers', ()):
            if who.get('photo'):
                whose.setdefault(who['photo'], who['id'])
    for token, id_ in whose.items():
        connection.execute(sa.update(PHOTO).where(PHOTO.c.token == token).values(speaker_id=id_))



def downgrade() -> None:
    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.add_column(sa.Column('consent', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('consent_at', sa.DateTime(timezone=True), nullable=True))

    op.execute(
        sa.update(SPEAKER).where(SPEAKER.c.name_given.is_not(None))
        .values(consent=sa.true(), consent_at=SPEAKER.c.name_given)
    )
    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.alter_column('consent', server_default=None)
        batch_op.drop_column('ended_told')
        batch_op.drop_column('slides_until')
        batch_op.drop_column('slides_given')
        batch_op.drop_column('recording_until')
        batch_op.drop_column('recording_given')
        batch_op.drop_column('photo_until')
        batch_op.drop_column('photo_given')
        batch_op.drop_column('name_until')
        batch_op.drop_column('name_given')

    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_speaker_id'))
        batch_op.drop_column('speaker_id')

    with op.batch_alter_table('engagement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_engagement_speaker_id'))

    op.drop_table('engagement')
