"""The web process: what comes in from Chat, and what the machine asks after our health."""

import structlog
from flask import Flask, Request, Response, jsonify, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import RequestEntityTooLarge

from bot.answer import notice
from bot.desk import Desk
from bot.keys import KeysUnavailable
from bot.refusals import REFUSED, UNAVAILABLE
from bot.signature import Signature, SignatureRefused
from bot.wire import parse, render
from errors import KakariError

BODY_CAP = 1024 * 1024
"""Bytes that a request must stay below. A real event has a few thousand."""
HEALTH = "/healthz"
BELIEVED = "kakari.believed"
"""Stands in the environment of a request whose signature has been checked before."""

log = structlog.get_logger()


def create_app(desk: Desk, signature: Signature, path: str) -> Flask:
    """Make the app that answers Chat at ``path``, the path of the configured endpoint URL."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_CAP

    @app.post(path)
    def chat() -> Response | tuple[Response, int]:
        if BELIEVED not in request.environ:
            signature.check(request.headers.get("Authorization"))
        if len(request.get_data(cache=True)) >= BODY_CAP:
            raise RequestEntityTooLarge  # one of unknown length is cut off there
        event = parse(_json(request))
        if event is None:
            # An error would be redelivered, and repeated ones make Google hold back all events.
            return jsonify({})
        try:
            return jsonify(desk.answer(event))
        except (OperationalError, PoolTimeoutError):
            raise
        except Exception:
            # A mistake of ours. Answered as an error it would come again, and repeated errors
            # make Google hold back every event; so the person gets a sentence and the log the rest.
            log.exception("chat.broke", kind=event.kind.name)
            return jsonify(render(notice(event, KakariError().say(event.user.locale)), event))

    @app.get(HEALTH)
    def healthz() -> Response:
        desk.ledger.ping()
        return jsonify({"ok": True})

    @app.errorhandler(SignatureRefused)
    def refused(error: SignatureRefused) -> tuple[Response, int]:
        REFUSED.note(error.reason)
        return jsonify({}), 401

    @app.errorhandler(KeysUnavailable)
    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeoutError)
    def unavailable(error: Exception) -> tuple[Response, int]:
        """Ask Chat to deliver once more: the ledger or Google's keys are away just now."""
        UNAVAILABLE.note("keys" if isinstance(error, KeysUnavailable) else "ledger")
        return jsonify({}), 503

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> tuple[Response, int]:
        return jsonify({}), 413

    return app


def _json(request: Request) -> object:
    """Return the body's JSON; None where there is none, or none that can be read."""
    try:
        return request.get_json(silent=True, force=True)
    except RecursionError:  # nested deeper than Python follows
        return None
