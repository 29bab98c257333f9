"""Google's side of the origin: the APIs, batches, tokens, certificates and discovery."""

from flask import Blueprint, Response, request

from simulator.answers import Answer, json_answer
from simulator.batch import answer_batch, is_batch
from simulator.call import HttpRequest
from simulator.discovery import api
from simulator.gateway import Gateway
from simulator.keys import SERVICE_ACCOUNT
from simulator.world import World

#: How long certificates may be cached; Google says a few hours as well.
CERTIFICATES_MAX_AGE = 21_600
VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def blueprint(world: World, gateway: Gateway) -> Blueprint:
    google = Blueprint("google", __name__)

    @google.before_request
    def delay() -> None:
        world.faults.wait()

    @google.post("/token")
    def token() -> Response:
        return _response(world.tokens.exchange(request.form.to_dict(), _origin()))

    @google.get("/oauth2/v1/certs")
    @google.get("/service_accounts/v1/metadata/x509/chat@system.gserviceaccount.com")
    def certificates() -> Response:
        age = f"public, max-age={CERTIFICATES_MAX_AGE}, must-revalidate, no-transform"
        return _response(
            json_answer(world.keys.google.certificates(), headers=[("Cache-Control", age)])
        )

    @google.get(f"/robot/v1/metadata/x509/{SERVICE_ACCOUNT}")
    def service_account_certificates() -> Response:
        return _response(json_answer(world.keys.service_account.certificates()))

    @google.get("/discovery/v1/apis/<name>/<version>/rest")
    def discovery(name: str, version: str) -> Response:
        try:
            return _response(json_answer(api(name, version).document_at(_origin()), pretty=False))
        except KeyError:
            message = f"Requested Discovery document not found: {name} {version}."
            return _response(json_answer({"error": {"code": 404, "message": message}}, status=404))

    @google.route("/<path:_path>", methods=VERBS)
    def call(_path: str) -> Response:
        http_request = _http_request()
        if http_request.verb == "POST" and is_batch(http_request.raw_path):
            return _response(answer_batch(gateway, http_request))
        return _response(gateway.handle(http_request))

    return google


def _origin() -> str:
    """Name the simulator as the caller's Host header names it."""
    return request.host_url.rstrip("/")


def _http_request() -> HttpRequest:
    # WSGI's own PATH_INFO is decoded already; only the raw target tells %2F from a slash.
    target = request.environ.get("RAW_URI") or request.environ["REQUEST_URI"]
    raw_path, _, raw_query = str(target).partition("?")
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.get_data(cache=False)
    return HttpRequest(request.method, raw_path, raw_query, headers, body, _origin())


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    del response.headers["Content-Type"]
    response.headers.extend(answer.headers)
    return response
