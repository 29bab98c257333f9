"""The one origin, put together: Google's APIs, the controls, and the people's side of Chat."""

from flask import Flask

from simulator import control, google
from simulator.chat.messages import Messages
from simulator.chat.spaces import Spaces
from simulator.client import routes
from simulator.drive.files import Files
from simulator.drive.permissions import Permissions
from simulator.drive.shared_drives import SharedDrives
from simulator.gateway import Gateway
from simulator.sheets.access import Access
from simulator.sheets.export import SpreadsheetEditor
from simulator.sheets.spreadsheets import Spreadsheets
from simulator.sheets.state import SPREADSHEET
from simulator.sheets.values import Values
from simulator.world import World


def make_gateway(world: World) -> Gateway:
    """Everything that has behaviour, behind one door."""
    access = Access(world.sheets, world.drive)
    editors = {SPREADSHEET: SpreadsheetEditor(world.sheets)}
    behaviours = {
        **Files(world.drive, world.drive_writes, editors).behaviours(),
        **Permissions(world.drive).behaviours(),
        **SharedDrives(world.drive).behaviours(),
        **Spreadsheets(world.sheets, world.drive, access, world.sheets_calls).behaviours(),
        **Values(access, world.sheets_calls).behaviours(),
        **Messages(world.chat, world.chat_writes).behaviours(),
        **Spaces(world.chat).behaviours(),
    }
    return Gateway(world.tokens, world.faults, world.calls, behaviours)


def create_app(world: World, gateway: Gateway | None = None) -> Flask:
    app = Flask("simulator", static_folder=None)
    # A dropped connection must reach the server as the exception it is.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.url_map.merge_slashes = False
    app.register_blueprint(control.blueprint(world))
    app.register_blueprint(routes.blueprint(world))
    app.register_blueprint(google.blueprint(world, gateway or make_gateway(world)))
    return app
