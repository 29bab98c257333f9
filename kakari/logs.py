"""Logging, set up in one place: our own records and the libraries' come out in one form.

No message texts, no names of people, no raw bodies: ids, kinds, counts and durations. Of what
others log we cannot know that, so it is shown as far as it stands in their source.
"""

import linecache
import logging
import sys
import threading
import warnings
from types import TracebackType
from typing import Any, Literal

import structlog

from kakari.tracebacks import told

SILENT = ("fontTools", "weasyprint")
"""Libraries that warn of what concerns nobody; their errors are shown."""

log = structlog.get_logger()


def set_up(form: Literal["console", "json"], process: str) -> None:
    """Send all logs to standard error, as lines for people or as JSON."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(told),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    renderer: structlog.types.Processor
    if form == "json":
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_without_values, *shared],
            use_get_message=False,  # which would put in what the text is about
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(_is_worth_it)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.raiseExceptions = False  # it prints what it was to log
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.ERROR)
    sys.excepthook = _uncaught
    threading.excepthook = _ended_thread
    sys.unraisablehook = _unraisable
    setattr(warnings, "showwarning", _warned)  # noqa: B010 - typeshed wants names for what is unused
    structlog.contextvars.bind_contextvars(process=process)


def show_uncaught() -> None:
    """Have what ends this process shown without its words, where no logs are set up."""
    sys.excepthook = _printed


def _is_worth_it(record: logging.LogRecord) -> bool:
    return isinstance(record.msg, dict) or record.levelno >= logging.WARNING


def _without_values(
    _logger: Any, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Leave of a library's record its place, and its text before anything was put into it."""
    record: logging.LogRecord = event["_record"]
    event["event"] = record.msg if _stands_in_source(record) else "said by a library"
    event["logger"] = record.name
    event["at"] = f"{record.filename}:{record.lineno}"
    event.pop("stack_info", None)
    return event


def _stands_in_source(record: logging.LogRecord) -> bool:
    source = "".join(linecache.getlines(record.pathname))
    return any(f"{quote}{record.msg}{quote}" in source for quote in "\"'")


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("process.broke", exc_info=(kind, error, trace))


def _printed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(f"{told((kind, error, trace))}\n")


def _ended_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    raised = (args.exc_type, args.exc_value, args.exc_traceback)
    log.critical("thread.broke", thread=args.thread and args.thread.name, exc_info=raised)


def _unraisable(args: Any) -> None:
    if args.exc_value is not None:
        raised = (args.exc_type, args.exc_value, args.exc_traceback)
        log.error("destructor.broke", exc_info=raised)


def _warned(_message: object, kind: type[Warning], file: str, line: int, *_more: object) -> None:
    log.warning("python.warned", kind=kind.__name__, at=f"{file}:{line}")
