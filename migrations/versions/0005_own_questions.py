"""The form's own questions, their wordings and what people answer."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

KINDS = ('short', 'long', 'one', 'many', 'yes_no', 'number', 'date')


def upgrade() -> None:
    op.create_table(
        'form_question',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('event_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('retired', sa.DateTime(timezone=True), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_form_question_event_id_event')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_form_question')),
    )
    op.create_index(op.f('ix_form_question_event_id'), 'form_question', ['event_id'], unique=False)
    op.create_table(
        'form_wording',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('question_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Enum(*KINDS, name='kind', native_enum=False, length=40), nullable=False),
        sa.Column('label', sa.String(length=200), nullable=False),
        sa.Column('purpose', sa.String(length=300), nullable=False),
        sa.Column('options', sa.JSON(), nullable=False),
        sa.Column('required', sa.Boolean(), nullable=False),
        sa.Column('days', sa.Integer(), nullable=False),
        sa.Column('mode', sa.Enum('room', 'online', name='mode', native_enum=False, length=40), nullable=True),
        sa.Column('sectors', sa.JSON(), nullable=False),
        sa.Column('after_id', sa.Integer(), nullable=True),
        sa.Column('answer', sa.String(length=200), nullable=False),
        sa.Column('created', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['after_id'], ['form_question.id'], name=op.f('fk_form_wording_after_id_form_question')),
        sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_form_wording_created_by_id_user_account')),
        sa.ForeignKeyConstraint(['question_id'], ['form_question.id'], name=op.f('fk_form_wording_question_id_form_question')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_form_wording')),
        sa.UniqueConstraint('question_id', 'number', name=op.f('uq_form_wording_question_id_number')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'form_reply',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('registration_id', sa.Integer(), nullable=False),
        sa.Column('question_id', sa.Integer(), nullable=False),
        sa.Column('wording_id', sa.Integer(), nullable=False),
        sa.Column('value', sa.Text(), nullable=False),
        sa.Column('given', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['question_id'], ['form_question.id'], name=op.f('fk_form_reply_question_id_form_question')),
        sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_form_reply_registration_id_registration'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['wording_id'], ['form_wording.id'], name=op.f('fk_form_reply_wording_id_form_wording')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_form_reply')),
        sa.UniqueConstraint('registration_id', 'question_id', name=op.f('uq_form_reply_registration_id_question_id')),
    )
    op.create_index(op.f('ix_form_reply_question_id'), 'form_reply', ['question_id'], unique=False)
    op.create_index(op.f('ix_form_reply_wording_id'), 'form_reply', ['wording_id'], unique=False)


def downgrade() -> None:
    op.drop_table('form_reply')
    op.drop_table('form_wording')
    op.drop_table('form_question')
