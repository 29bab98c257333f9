"""The composition root: makes the objects of each process from the settings."""

import os
import secrets
import socket
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.retry import Retry
from sqlalchemy.exc import DBAPIError

from errors.settings import LedgerAway, RoleRefused
from kakari import bot_pulse, logs
from kakari.orphans import end_with_parent
from kakari.queue import demand_lasting
from kakari.settings import Settings, load
from ledger import roles, schema
from ledger.bell import Bell
from ledger.database import Ledger
from tasks import document_sheets, schedule_file
from tasks.base import Setting
from tasks.document_sheets import DocumentSheets
from tasks.registry import all_tasks
from worker.clock import Clock, Patience
from worker.office import Office
from worker.postman import Postman
from worker.pulse import Pulse
from worker.runner import Runner
from worker.schedule_watch import ScheduleWatch
from workspace.caller import Caller
from workspace.chat import Chat
from workspace.clients import GoogleClients
from workspace.drive import Drive
from workspace.origins import Origins
from workspace.quota import Quota, drive_writes
from workspace.sheets import Sheets

if TYPE_CHECKING:
    from flask import Flask

    from bot.admission import Admission
    from bot.permissions import Permissions
    from bot.signature import Signature

QUOTA_TIMEOUT = 1.0
BELL_TIMEOUT = 0.5
"""Seconds the front desk waits for Redis: a person is waiting, and the clock rings again."""


def ledger_of(settings: Settings) -> Ledger:
    """Open the ledger. Raises LedgerOutdated and LedgerAway."""
    ledger = Ledger(settings.ledger_url)
    try:
        schema.demand_current(ledger)
    except DBAPIError as error:
        raise away(error) from error
    return ledger


def migrate(settings: Settings) -> None:
    """Bring the ledger to this version's schema, and let the processes in.

    Raises LedgerAway, RoleOwns and RoleRefused.
    """
    ledger = Ledger(settings.ledger_url)
    try:
        schema.upgrade(ledger)
        let_in(settings, ledger)
    except (DBAPIError, OSError) as error:  # or the folder for its file cannot be made
        raise away(error) from error
    finally:
        ledger.close()


def let_in(settings: Settings, ledger: Ledger) -> None:
    """Give the processes' role its rights, if the settings name one. Raises RoleOwns, RoleRefused."""
    role, password = settings.database_app_role, settings.database_app_password
    if role is None or ledger.url.get_backend_name() == "sqlite":
        return
    try:
        with ledger.write() as tx:
            roles.admit(tx.connection(), role, password.get_secret_value() if password else None)
    except DBAPIError as error:
        raise RoleRefused(role=role, reason=_reason(error)) from error


def demand_queue(settings: Settings) -> None:
    """Raise QueueRefuses or QueueForgets unless Redis is as it must be, or away."""
    with _impatient(settings) as connection:
        demand_lasting(connection)


def away(error: DBAPIError | OSError) -> LedgerAway:
    """Return the sentence for a database that cannot be opened; drivers print no passwords."""
    return LedgerAway(reason=_reason(error))


def _reason(error: DBAPIError | OSError) -> str:
    said = error.orig if isinstance(error, DBAPIError) else error.strerror
    return str(said).strip().splitlines()[0]


def bot_app(**options: Any) -> "Admission":
    """Make the front desk's RSGI app; the web server calls this in its own process."""
    # Workers and the clock would carry the web server's libraries for nothing.
    from bot.admission import Admission

    end_with_parent()  # else it would go on answering beside the one that is started next
    settings = load()
    logs.set_up(settings.log_format, "bot")
    ledger = ledger_of(settings)
    bot_pulse.start(Pulse(settings.pulse_file, ledger.ping), settings.bot_port)
    app = desk_app(settings, ledger)
    return Admission(app, signature_of(settings), path_of(settings), **options)


def desk_app(settings: Settings, ledger: Ledger) -> "Flask":
    """Make the front desk over this ledger."""
    from bot.app import create_app
    from bot.desk import Desk, DeskSettings

    connection = redis_of(
        settings, socket_timeout=BELL_TIMEOUT, socket_connect_timeout=BELL_TIMEOUT
    )
    desk = Desk(
        ledger,
        Bell(connection),
        DeskSettings(
            url=settings.endpoint_url,
            zone=settings.zone,
            permissions=permissions_of(settings.permissions),
            setting=task_setting(settings),
            open_requests=settings.open_requests,
            admin_space=settings.admin_space,
        ),
    )
    return create_app(desk, signature_of(settings), path_of(settings))


def signature_of(settings: Settings) -> "Signature":
    """Say whose requests are believed."""
    from bot.signature import Policy, Signature

    origins = origins_of(settings)
    return Signature(
        [
            Policy.addon([settings.endpoint_url], settings.project_number, origins.oidc_certs_url),
            Policy.classic(settings.project_number, origins.chat_certs_url),
        ]
    )


def path_of(settings: Settings) -> str:
    return urlsplit(settings.endpoint_url).path or "/"


def permissions_of(file: Path) -> "Permissions":
    """Read the permissions file. Raises SettingsError."""
    from bot.permissions import Permissions
    from bot.queries import QUERIES

    return Permissions.load(file.absolute(), all_tasks(), QUERIES)


def office(settings: Settings) -> tuple[Office, redis.Redis]:
    """Make a worker process's office, with everything loaded that a job would wait for."""
    from tasks.project import render

    ledger = ledger_of(settings)
    demand_queue(settings)
    connection = _queue(settings)
    clients = GoogleClients(origins_of(settings), settings.google_key_file)
    clients.preload()
    render.preload()
    quota = _quota(settings)
    holder = _name()
    stop = threading.Event()
    postman = _postman(settings, ledger, clients, quota, holder, stop)
    writes = partial(
        drive_writes, rate=settings.drive_writes_per_second, burst=settings.drive_writes_burst
    )

    def drive(caller: Caller) -> Drive:
        return Drive(clients, quota, caller, writes=writes)

    def sheets(caller: Caller) -> Sheets:
        return Sheets(clients, quota, caller)

    to_drive = settings.project_place.startswith("drive:")
    runner = Runner(
        ledger,
        Bell(connection),
        postman,
        task_setting(settings),
        drive if to_drive else None,
        holder,
        settings.job_attempts,
        settings.lease_seconds,
        sheets,
    )
    pulse = Pulse(settings.pulse_file, ledger.ping, _impatient(settings).ping)
    return Office(runner, postman, stop, pulse), connection


def clock(settings: Settings, stop: threading.Event) -> Clock:
    ledger = ledger_of(settings)
    demand_queue(settings)
    connection = _queue(settings)
    clients = GoogleClients(origins_of(settings), settings.google_key_file)
    holder = _name()
    quota = _quota(settings)
    postman = _postman(settings, ledger, clients, quota, holder, stop)
    patience = Patience(
        reminds=timedelta(hours=settings.approval_reminds_hours),
        expires=timedelta(hours=settings.approval_expires_hours),
    )
    pulse = Pulse(settings.pulse_file, ledger.ping, _impatient(settings).ping)
    bell = Bell(connection)
    setting = task_setting(settings)
    watch = None
    if setting.schedule is not None:
        watch = ScheduleWatch(
            ledger,
            bell,
            partial(Sheets, clients, quota),
            partial(Chat, clients, quota),
            setting,
            settings.endpoint_url,
            holder,
        )
    return Clock(ledger, bell, postman, holder, patience, settings.takeover_seconds, pulse, watch)


def task_setting(settings: Settings) -> Setting:
    return Setting(
        place=settings.project_place,
        templates=settings.templates.absolute(),
        number_pattern=settings.project_number_pattern,
        zone=settings.zone,
        schedule=schedule_file.read(settings.schedule) if settings.schedule else None,
        document_sheets=document_sheets.read(settings.document_sheets)
        if settings.document_sheets
        else DocumentSheets(),
        simulated=bool(settings.simulator_url),
    )


def origins_of(settings: Settings) -> Origins:
    return Origins.simulator(settings.simulator_url) if settings.simulator_url else Origins.google()


def _postman(
    settings: Settings,
    ledger: Ledger,
    clients: GoogleClients,
    quota: Quota,
    holder: str,
    stop: threading.Event,
) -> Postman:
    def chat(caller: Caller) -> Chat:
        return Chat(clients, quota, caller)

    return Postman(
        ledger,
        chat,
        settings.endpoint_url,
        holder,
        stop,
        hold_seconds=settings.lease_seconds,
        admin_space=settings.admin_space,
        expires=timedelta(hours=settings.approval_expires_hours),
        zone=settings.zone,
    )


def _queue(settings: Settings) -> redis.Redis:
    # A worker rides out a Redis that restarts; redis-py's own default gives up after 4 seconds.
    patient = Retry(ExponentialBackoff(cap=1, base=0.05), retries=25)
    return redis_of(settings, retry=patient)


def redis_of(settings: Settings, **options: Any) -> redis.Redis:
    """Return a connection to Redis with the password that is set."""
    password = settings.redis_password and settings.redis_password.get_secret_value()
    return redis.Redis.from_url(settings.redis_url, password=password, **options)


def _quota(settings: Settings) -> Quota:
    # Without Redis each process keeps to the same rates by itself: that is no reason to wait.
    return Quota(_impatient(settings))


def _impatient(settings: Settings) -> redis.Redis:
    return redis_of(
        settings,
        retry=Retry(NoBackoff(), retries=0),
        socket_timeout=QUOTA_TIMEOUT,
        socket_connect_timeout=QUOTA_TIMEOUT,
    )


def _name() -> str:
    """Return a name for this process that no other one has, on this machine or another."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
