"""Imported by the process that all others are forked from: what every one of them would load."""

import gc
from importlib import import_module

from sqlalchemy.orm import configure_mappers

from tasks.registry import all_tasks

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
):
    import_module(name)
all_tasks()
configure_mappers()
gc.freeze()
