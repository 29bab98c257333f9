"""No log holds what an exception was about, whoever raised it and whoever logs it."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from kakari import logs

SECRET = "himitsu-4711"
RAISING = {
    "pydantic": "Model.model_validate({'name': 1, 'SECRET': 'SECRET'})",
    "pydantic-json": 'Model.model_validate_json(\'{"name": ["SECRET"\')',
    "value": "raise ValueError('SECRET')",
    "key": "{}['SECRET']",
    "attribute": "getattr(object(), 'SECRET')",
    "json": "json.loads('SECRET')",
    "unicode": "'SECRET'.encode() + b'\\xff'.decode()",
    "unicode-object": "(b'SECRET' + b'\\xff').decode()",
    "int": "int('SECRET')",
    "decimal": "Decimal('SECRET')",
    "date": "date.fromisoformat('SECRET')",
    "file": "open('/nowhere/SECRET')",
    "import": "__import__('SECRET')",
    "process": "subprocess.run([sys.executable, '-c', 'exit(3)', 'SECRET'], check=True)",
    "url": "requests.get('http://127.0.0.1:1/?token=SECRET', timeout=1)",
    "http": "requests_error()",
    "google": "raise HttpError(httplib2.Response({'status': 403}), b'SECRET', 'http://x/SECRET')",
    "database": "engine.connect().execute(text('SELECT :word FROM SECRET'), {'word': 'SECRET'})",
    "unique": "twice()",
    "redis": "redis.Redis.from_url('redis://:SECRET@127.0.0.1:1').ping()",
    "kakari": "raise UnusableName(name='SECRET')",
    "jinja": "jinja2.Environment(undefined=jinja2.StrictUndefined).from_string('{{ SECRET }}').render()",
    "group": "raise ExceptionGroup('SECRET', [ValueError('SECRET'), KeyError('SECRET')])",
    "note": "noted()",
    "cause": "caused()",
    "context": "in_context()",
    "deep": "deep(5000)",
    "own": "raise type('Own', (Exception,), {'__str__': lambda self: 'SECRET'})('SECRET')",
    "exit-status": "raise OSError(2, 'SECRET', 'SECRET')",
}
SCRIPT = """
import json, subprocess, sys, logging, threading, warnings
from datetime import date
from decimal import Decimal
import httplib2, jinja2, redis, requests, structlog
from googleapiclient.errors import HttpError
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, text
from errors.asking import UnusableName
from kakari import logs

form, word, raisings = sys.argv[1:]
engine = create_engine("sqlite://", hide_parameters=True)

class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str

def requests_error():
    answer = requests.Response()
    answer.status_code, answer.reason, answer.url = 403, word, "http://x/" + word
    answer.raise_for_status()

def twice():
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE t (word text CHECK (word <> '" + word + "'))"))
        connection.execute(text("INSERT INTO t VALUES ('" + word + "')"))

def noted():
    error = ValueError("x")
    error.add_note(word)
    raise error

def caused():
    try:
        raise KeyError(word)
    except KeyError as error:
        raise RuntimeError(word) from error

def in_context():
    try:
        raise KeyError(word)
    except KeyError:
        raise RuntimeError(word)

def deep(left):
    return deep(left - 1) + word

def run(raising):
    exec(raising.replace("SECRET", word), globals())

class Dying:
    def __init__(self, raising):
        self.raising = raising
    def __del__(self):
        run(self.raising)

logs.set_up(form, "test")
ours = structlog.get_logger()
theirs = logging.getLogger("their.library")
for name, raising in json.loads(raisings).items():
    print("==", name, file=sys.stderr)
    try:
        run(raising)
    except Exception as error:
        ours.exception("it.broke", job="j1")
        ours.error("it.broke.again", exc_info=error)
        theirs.exception("It broke: %s", error)
        theirs.error(f"It broke: {error}")
        theirs.error(error)
        theirs.error("It broke", exc_info=True, stack_info=True, extra={"word": word})
        theirs.error("%d", word)  # which logging cannot format
        warnings.warn_explicit(str(error), UserWarning, "library.py", 1)
    else:
        sys.exit(f"{name} raised nothing")
    thread = threading.Thread(target=run, args=[raising], name="beside")
    thread.start()
    thread.join()
    Dying(raising)
run(raising)
"""


@pytest.fixture(scope="module", params=["console", "json"])
def said(request: pytest.FixtureRequest) -> dict[str, str]:
    """What the log says of each exception."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, request.param, SECRET, json.dumps(RAISING)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    _, *parts = done.stderr.split("== ")
    return dict(part.split("\n", 1) for part in parts)


@pytest.mark.parametrize("name", RAISING)
def test_no_exceptions_words_are_in_a_log(said: dict[str, str], name: str) -> None:
    told = said[name]
    assert SECRET not in told
    for event in ("it.broke", "it.broke.again", "thread.broke", "destructor.broke"):
        assert event in told
    assert told.count("their.library") == 5
    assert ("in run" in told) or name == "deep", "where it came from is"
    assert ("process.broke" in told) == (name == list(RAISING)[-1])


@pytest.mark.parametrize("said", ["json"], indirect=True)
def test_what_broke_is_told_with_its_cause_and_every_place(said: dict[str, str]) -> None:
    first = json.loads(said["cause"].splitlines()[0])
    places = first["exception"].splitlines()
    kinds = [line for line in places if not line.startswith("  ")]
    assert kinds == ["RuntimeError", "after:", "KeyError"]
    functions = [line.rpartition(" in ")[2] for line in places if line.startswith("  ")]
    assert functions == ["<module>", "run", "<module>", "caused", "caused"]


@pytest.mark.parametrize("said", ["json"], indirect=True)
def test_of_a_library_only_where_it_logged_is_shown(said: dict[str, str]) -> None:
    lines = map(json.loads, said["cause"].splitlines())
    theirs = [line for line in lines if line.get("logger") == "their.library"]
    assert {line["event"] for line in theirs} == {"said by a library"}
    assert {line["at"].partition(":")[0] for line in theirs} == {"<string>"}


def test_numbers_that_tell_more_are_shown(said: dict[str, str]) -> None:
    for name, detail in {
        "google": "status_code=403",
        "file": "FileNotFoundError ENOENT",
        "pydantic": "ValidationError extra_forbidden, string_type",
        "process": "CalledProcessError returncode=3",
        "database": "OperationalError sqlite3.OperationalError",
        "json": "JSONDecodeError lineno=1 colno=1",
    }.items():
        assert detail in said[name], name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Retrying after %s", "Retrying after %s"),
        ("Retrying after himitsu-4711", "said by a library"),
    ],
)
def test_a_librarys_text_is_shown_as_its_source_has_it(
    tmp_path: Path, text: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "library.py"
    library.write_text('log.warning("Retrying after %s", seconds)\n')
    logs.set_up("json", "test")
    record = logging.LogRecord("lib", logging.WARNING, str(library), 1, text, ("himitsu",), None)
    logging.getLogger("lib").handle(record)
    told = json.loads(capsys.readouterr().err)
    assert (told["event"], told["at"]) == (shown, "library.py:1")


def test_what_libraries_say_below_a_warning_is_left_out_and_fonts_are_silent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up("console", "test")
    logging.getLogger("lib").info("starting")
    logging.getLogger("fontTools.subset").warning("pruned")
    structlog.get_logger("ours").info("kept")
    (line,) = capsys.readouterr().err.splitlines()
    assert "kept" in line
