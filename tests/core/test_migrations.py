from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import check, downgrade, upgrade

from core.db import Model, db, write
from demo.scenario import read
from demo.seed import Seeder
from events.models import Speaker
from tests.conftest import NOW

# What rows of the first version held in columns that are gone.
GONE = {"speaker": {"consent": True, "consent_at": f"{NOW:%Y-%m-%d %H:%M:%S}.000000"}}


def tables(app):
    with app.app_context():
        found = set(sa.inspect(db.engine).get_table_names()) - {
            "alembic_version",
            "sqlite_sequence",
        }
        # The words that are searched: each database has them its own way, in no model.
        return {name for name in found if not name.startswith("search_index")}


def checks_in_the_database():
    looking = sa.inspect(db.engine)
    return {
        (table, found["name"])
        for table in looking.get_table_names()
        for found in looking.get_check_constraints(table)
    }


def test_the_chain_leads_from_nothing_to_the_models_and_back(app):
    """The database of a test has come up by the migrations; it must be just what the models say."""
    assert tables(app) == set(Model.metadata.tables)
    check(directory="migrations")
    assert checks_in_the_database() == {
        (table.name, constraint.name)
        for table in Model.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    db.session.remove()
    downgrade(directory="migrations", revision="base")
    assert tables(app) == set()
    upgrade(directory="migrations")
    check(directory="migrations")
    assert tables(app) == set(Model.metadata.tables)


@pytest.mark.slow
def test_an_upgrade_from_the_first_version_keeps_every_row(app):
    """Rows as the first version held them come through all the migrations since."""
    for name in ("users", "sakrad", "inspiration_2016"):
        scenario = read(Path("demo/data") / f"{name}.json")
        write(lambda scenario=scenario: Seeder(db.session, now=NOW).apply(scenario))
    kept = {table.name: rows_of(table) for table in Model.metadata.sorted_tables}
    db.session.remove()
    downgrade(directory="migrations", revision="base")
    upgrade(directory="migrations", revision="0001")
    old = sa.MetaData()
    old.reflect(db.engine)
    with db.engine.begin() as connection:
        for table in Model.metadata.sorted_tables:
            if table.name in old.tables and kept[table.name]:
                was = old.tables[table.name]
                names = set(was.columns.keys())
                gone = {n: v for n, v in GONE.get(table.name, {}).items() if n in names}
                rows = [
                    gone | {n: v for n, v in row.items() if n in names} for row in kept[table.name]
                ]
                now = [table.c[n] for n in names if n in table.c]
                connection.execute(
                    sa.insert(sa.table(table.name, *map(sa.column, names))).values(
                        {c.name: sa.bindparam(c.name, type_=c.type) for c in now}
                    ),
                    rows,
                )
    upgrade(directory="migrations")
    for table in Model.metadata.sorted_tables:
        if table.name in old.tables:
            names = set(old.tables[table.name].columns.keys()) & set(table.c.keys())
            before = [{n: row[n] for n in names} for row in kept[table.name]]
            after = [{n: row[n] for n in names} for row in rows_of(table)]
            assert after == before, table.name
    speaker = db.session.scalars(sa.select(Speaker)).first()
    assert speaker.name_given == speaker.photo_given == NOW
    assert (speaker.recording_given, speaker.slides_given, speaker.name_until) == (None, None, None)
    for look in app.extensions["looks"]:  # what is public is found again by itself
        look(db.session, now=NOW)
    assert [line for check_ in app.extensions["checks"] for line in check_(db.session)] == []


def rows_of(table):
    order = list(table.primary_key.columns)
    with db.engine.connect() as connection:
        return [
            dict(row) for row in connection.execute(sa.select(table).order_by(*order)).mappings()
        ]
