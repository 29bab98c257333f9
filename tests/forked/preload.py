"""Imported by the process that all others are forked from: what every one of them would load."""

import gc
from importlib import import_module

for name in (
    "alembic.command",
    "bot.app",
    "bot.desk",
    "copier",
    "google.oauth2.service_account",
    "googleapiclient.discovery",
    "googleapiclient.http",
    "kakari.bootstrap",
    "psycopg",
    "simulator.server",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "tasks.project.task",
):
    import_module(name)
gc.freeze()
