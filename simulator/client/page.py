"""Serves the Chat page: its files, and the bytes of what lies in the simulated Drive."""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from simulator.world import World

# No script in anything an app wrote may run with this origin's rights.
_SHOWN_AS_THEY_ARE = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}
_POLICY = "default-src 'self'; img-src 'self' https: data:; object-src 'none'; base-uri 'none'"
_PAGE = Path(__file__).parent.parent / "page"


def blueprint(world: World) -> Blueprint:
    routes = Blueprint("chat_page", __name__)

    @routes.get("/")
    def index() -> Response:
        response = send_from_directory(_PAGE, "index.html")
        response.headers["Content-Security-Policy"] = _POLICY
        return response

    @routes.get("/_sim/page/<path:name>")
    def page_file(name: str) -> Response:
        return send_from_directory(_PAGE, name)

    @routes.get("/_sim/drive/file/<file_id>")
    def drive_file(file_id: str) -> Response:
        """Serve the bytes of a file in the simulated Drive, as text where a browser may run it."""
        try:
            file = world.drive.file(file_id)
        except KeyError:
            return Response("There is no such file.", 404, mimetype="text/plain")
        if file.sha256 is None:
            return Response("The file has no content of its own.", 404, mimetype="text/plain")
        kind = file.mime_type if file.mime_type in _SHOWN_AS_THEY_ARE else "text/plain"
        content = world.drive.blobs.get(file.sha256)
        return Response(content, mimetype=kind, headers={"X-Content-Type-Options": "nosniff"})

    return routes
