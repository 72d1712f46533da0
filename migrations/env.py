"""Runs the migrations on the application's own engine, each in one transaction."""

from alembic import context
from flask import current_app

extension = current_app.extensions["migrate"]

if context.is_offline_mode():
    raise SystemExit("Kör flyttarna mot databasen: flask db upgrade")

with extension.db.engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=extension.db.metadata, **extension.configure_args
    )
    with context.begin_transaction():
        context.run_migrations()
