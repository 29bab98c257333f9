"""Imported by the process that all others are forked from: what every one of them would load."""

import gc
from functools import partial
from importlib import import_module

from cryptography.hazmat.primitives import serialization
from sqlalchemy.orm import configure_mappers

from effects.glyphs import demand_printable
from tasks.project import render
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
# A worker starts the process that works with project templates beforehand. Of the hundreds that tests
# start few meet one; those wait for it.
render.preload = lambda: None
all_tasks()
configure_mappers()
demand_printable([""])
# The simulator's key is sound; to prove its primes takes each process 50 ms.
serialization.load_pem_private_key = partial(
    serialization.load_pem_private_key, unsafe_skip_rsa_key_validation=True
)
gc.freeze()
