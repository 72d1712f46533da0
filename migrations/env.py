"""Runs the migrations on the application's own engine, each in one transaction."""

from alembic import context
from flask import current_app

extension = current_app.extensions["migrate"]

if context.is_offline_mode():
    raise SystemExit("Kör flyttarna mot databasen: flask db upgrade")


def foreign_keys(connection, wanted):
    """On SQLite a table is changed by making it anew; nothing must follow the old one out."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={wanted}")


def ours(name, type_, _parents):
    """What the words are found in looks different in each database; the models do not know it."""
    return type_ != "table" or not name.startswith("search_index")


with extension.db.engine.connect() as connection:
    foreign_keys(connection, "OFF")
    try:
        context.configure(
            connection=connection,
            target_metadata=extension.db.metadata,
            include_name=ours,
            **extension.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise SystemExit(f"Flytten lämnar rader utan sin förälder: {broken[:5]}")
    finally:
        foreign_keys(connection, "ON")
