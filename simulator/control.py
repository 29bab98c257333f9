"""The simulator's own controls, under ``/_sim``: not Google's, and never delayed."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest

from simulator import office
from simulator.app_config import AppConfig
from simulator.chat.state import Person, Space
from simulator.drive.tree import drive_tree
from simulator.faults import Fault
from simulator.world import World


def blueprint(world: World) -> Blueprint:
    control = Blueprint("control", __name__, url_prefix="/_sim")

    @control.errorhandler(BadRequest)
    def refuse(error: BadRequest) -> tuple[Response, int]:
        return jsonify({"error": {"message": error.description}}), 400

    @control.get("/health")
    def health() -> Response:
        return jsonify({"status": "ok"})

    @control.get("/app")
    def app() -> Response:
        return jsonify(world.app.to_json())

    @control.post("/app")
    def configure_app() -> Response:
        world.app = _parsed(lambda data: AppConfig.from_json(world.app.to_json() | data))
        return jsonify(world.app.to_json())

    @control.post("/people")
    def add_person() -> Response:
        person = _parsed(Person.from_json)
        world.chat.add_person(person)
        return jsonify(person.to_json())

    @control.post("/spaces")
    def add_space() -> Response:
        space = _parsed(Space.from_json)
        world.chat.add_space(space)
        return jsonify(space.to_json())

    @control.post("/reset")
    def reset() -> Response:
        world.reset()
        office.furnish(world)
        return jsonify({})

    @control.get("/drive/tree")
    def tree() -> Response:
        return jsonify(drive_tree(world.drive, request.host_url.rstrip("/")))

    @control.get("/calls")
    def calls() -> Response:
        return jsonify(world.calls.to_json())

    @control.delete("/calls")
    def forget_calls() -> Response:
        world.calls.clear()
        return jsonify({})

    @control.post("/delay")
    def delay() -> Response:
        world.faults.delay = _parsed(lambda data: max(0.0, float(data["seconds"])))
        return jsonify({"seconds": world.faults.delay})

    @control.post("/clock")
    def clock() -> Response:
        world.clock.ahead = _parsed(lambda data: float(data["seconds_ahead"]))
        return jsonify({"seconds_ahead": world.clock.ahead})

    @control.get("/faults")
    def faults() -> Response:
        return jsonify(world.faults.to_json())

    @control.post("/faults")
    def set_faults() -> Response:
        world.faults.set(_parsed(lambda data: [Fault.from_json(each) for each in data["faults"]]))
        return jsonify(world.faults.to_json())

    @control.post("/quota")
    def quota() -> Response:
        data = _parsed(dict)
        if "chat_writes_per_second" in data:
            world.chat_writes.set(data["chat_writes_per_second"])
        if "drive_writes_per_second" in data:
            world.drive_writes.set(data["drive_writes_per_second"], data.get("burst", 1))
        for what in ("Read", "Write"):
            if (key := f"sheets_{what.lower()}s_per_minute") in data:
                world.sheets_calls.set(what, data[key])
        return jsonify(
            {
                "chat": world.chat_writes.to_json(),
                "drive": world.drive_writes.to_json(),
                "sheets": world.sheets_calls.to_json(),
            }
        )

    return control


T = TypeVar("T")


def _parsed(parse: Callable[[dict[str, Any]], T]) -> T:
    """Read the JSON body with ``parse``; what it cannot read is the caller's mistake."""
    try:
        return parse(request.get_json())
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest(f"{type(error).__name__}: {error}") from error
