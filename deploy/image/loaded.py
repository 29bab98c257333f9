"""Loads what Kakari loads of others' code, so that the image has the bytecode of that and no more.

All that is installed would be twice as much. It also shows that `prune.py` has left whole what is
needed. The base image comes without its own library's bytecode, and a read-only container could
keep none: `python loaded.py FOLDER` puts it there.
"""

import shutil
import sys
from importlib import import_module
from pathlib import Path

NAMES = """
alembic.autogenerate alembic.command alembic.config alembic.migration alembic.script
babel.dates babel.numbers
click
copier copier._jinja_ext copier._main
cryptography.hazmat.primitives.asymmetric.rsa cryptography.hazmat.primitives.serialization
cryptography.x509
flask
fontTools.ttLib fontTools.ttLib.tables._c_m_a_p
google.auth.crypt google.auth.exceptions google.auth.jwt google.oauth2.service_account
google_auth_httplib2
googleapiclient.discovery googleapiclient.discovery_cache googleapiclient.errors
googleapiclient.http googleapiclient.model
granian granian.constants granian.http granian.rsgi granian.server.common granian.server.mp
gspread.http_client gspread.urls gspread.utils
hiredis
holidays holidays.countries.japan
httplib2
jinja2 jinja2.runtime jinja2.sandbox
psycopg psycopg_binary
pydantic pydantic.fields pydantic_core pydantic_settings
redis redis.backoff redis.exceptions redis.retry
requests
rq rq.exceptions rq.job rq.serializers rq.worker
sqlalchemy sqlalchemy.dialects.postgresql.psycopg sqlalchemy.dialects.sqlite.pysqlite
sqlalchemy.exc sqlalchemy.ext.hybrid sqlalchemy.orm sqlalchemy.types
stamina
structlog
typst
werkzeug.exceptions werkzeug.serving
yaml
""".split()


def keep(folder: Path) -> None:
    """Copy the bytecode of the standard library that is loaded now, laid out as from the root."""
    library = Path(shutil.__file__).parent
    for module in list(sys.modules.values()):
        cached = Path(getattr(module.__spec__, "cached", None) or "")
        if cached.is_relative_to(library) and cached.is_file():
            kept = folder / cached.relative_to("/")
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(cached, kept)


if __name__ == "__main__":
    for name in NAMES:
        import_module(name)
    keep(Path(sys.argv[1]))
