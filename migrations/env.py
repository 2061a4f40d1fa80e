"""How Alembic reaches the database: through the application, on SQLite (batch mode) and PostgreSQL alike."""

from alembic import context

from app_tess.storage.database import db

with db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=db.metadata, compare_type=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
