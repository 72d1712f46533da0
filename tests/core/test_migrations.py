import sqlalchemy as sa
from flask_migrate import check, downgrade, upgrade

from core.db import Model, db


def tables(app):
    with app.app_context():
        return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}


def test_the_chain_leads_from_nothing_to_the_models_and_back(app):
    """The database of a test has come up by the migrations; it must be just what the models say."""
    assert tables(app) == set(Model.metadata.tables)
    check(directory="migrations")
    db.session.remove()
    downgrade(directory="migrations", revision="base")
    assert tables(app) == set()
    upgrade(directory="migrations")
    check(directory="migrations")
    assert tables(app) == set(Model.metadata.tables)
