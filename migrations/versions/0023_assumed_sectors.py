"""assumed sectors"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('participant_import', schema=None) as batch_op:
        batch_op.add_column(sa.Column('assumed', sa.JSON(), server_default='[]', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('participant_import', schema=None) as batch_op:
        batch_op.drop_column('assumed')

