"""The JSON behind the Chat page, also for tests and the demo that act as people.

All of it is the simulator's own and none of it exists at Google. Bodies and answers are JSON;
what nobody could do in Chat is answered 400 ``{"error": {"message": …}}``.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request

from simulator.client import page, sheet_view
from simulator.client.chat_client import ChatClient, NotPossibleError
from simulator.client.resources import app_user
from simulator.client.stream import stream
from simulator.world import World

Json = dict[str, Any]
Answer = Json | tuple[Json, int]


def blueprint(world: World) -> Blueprint:
    routes = Blueprint("chat_client", __name__)
    routes.register_blueprint(page.blueprint(world))
    routes.register_blueprint(sheet_view.blueprint(world))
    client = ChatClient(world)

    # What a person sees

    @routes.get("/_sim/chat/state")
    @_refusable
    def state() -> Json:
        """``?person=`` (else the first): who is here, the person's spaces, what the app offers."""
        people = world.chat.people()
        person = client.person(request.args.get("person") or people[0].name)
        return {
            "me": asdict(person),
            "people": [asdict(each) for each in people],
            "spaces": [asdict(space) for space in client.spaces_of(person)],
            "commands": [asdict(each) for each in world.app.commands],
            "app": {
                "name": app_user(world.app)["name"],
                "display_name": world.app.display_name,
                "wire": world.app.wire,
            },
        }

    @routes.get("/_sim/chat/messages")
    @_refusable
    def messages() -> Json:
        """``?space=&person=``: the messages the person sees there, oldest first."""
        return {"messages": client.messages(request.args["person"], request.args["space"])}

    @routes.get("/_sim/chat/stream")
    def live() -> Response:
        """``?person=``: server-sent events of what changes where the person is."""
        connection = request.environ.get("werkzeug.socket")
        return Response(
            stream(world.chat, request.args["person"], connection),
            mimetype="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    # What a person does; each is answered when the app has answered

    @routes.post("/_sim/chat/say")
    @_refusable
    def say() -> Json:
        """``{person, space, text, thread?}`` → ``{message, outcome}``."""
        body = request.get_json()
        message, outcome = client.say(
            body["person"], body["space"], body["text"], body.get("thread")
        )
        return {"message": message, "outcome": outcome.as_json()}

    @routes.post("/_sim/chat/click")
    @_refusable
    def click() -> Json:
        """``{person, message, action, inputs?}`` → outcome."""
        body = request.get_json()
        return client.click(
            body["person"], body["message"], body["action"], body.get("inputs", {})
        ).as_json()

    @routes.post("/_sim/chat/dialog")
    @_refusable
    def dialog() -> Json:
        """``{person, dialog, action, inputs?}`` → outcome."""
        body = request.get_json()
        return client.submit(
            body["person"], body["dialog"], body["action"], body.get("inputs", {})
        ).as_json()

    @routes.post("/_sim/chat/dialog/close")
    @_refusable
    def close_dialog() -> Json:
        """``{person, dialog, by?}`` → outcome; by ``icon`` tells the app, by ``escape`` does not."""
        body = request.get_json()
        by_icon = body.get("by", "icon") == "icon"
        return client.close(body["person"], body["dialog"], by_icon=by_icon).as_json()

    @routes.post("/_sim/chat/suggest")
    @_refusable
    def suggest() -> Json:
        """``{person, space, action, query}`` → outcome with ``suggestions``."""
        body = request.get_json()
        return client.suggest(
            body["person"], body["space"], body["action"], body["query"]
        ).as_json()

    @routes.post("/_sim/chat/membership")
    @_refusable
    def membership() -> Json:
        """``{person, space, member}`` → outcome: the person adds or removes the app."""
        body = request.get_json()
        return client.set_membership(body["person"], body["space"], member=body["member"]).as_json()

    # What event delivery does

    @routes.post("/_sim/chat/redeliver")
    @_refusable
    def redeliver() -> Json:
        """``{event}`` → outcome: the very same event comes once more."""
        return client.redeliver(request.get_json()["event"]).as_json()

    @routes.put("/_sim/chat/retries")
    def retries() -> Json:
        """``{retries}``: how often a request that failed is sent again."""
        client.delivery.retries = int(request.get_json()["retries"])
        return {"retries": client.delivery.retries}

    @routes.get("/_sim/chat/events/<event_id>")
    @_refusable
    def event(event_id: str) -> Json:
        """Show what was sent to the app, without the credentials that went with it."""
        kept = client.event(event_id)
        return {"event": kept.id, "url": kept.url, "body": kept.body}

    return routes


def _refusable(view: Callable[..., Json]) -> Callable[..., Answer]:
    @wraps(view)
    def answered(**arguments: str) -> Answer:
        try:
            return view(**arguments)
        except NotPossibleError as refusal:
            return {"error": {"message": str(refusal)}}, 400

    return answered
