"""A real Chromium in front of the simulated Chat, and an app that shows what cards can do."""

import shutil
import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from flask import Flask, jsonify, request
from playwright.sync_api import Browser, Error, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from simulator.app_config import AppCommand, AppConfig
from simulator.chat.people import APP_USER
from simulator.office import ALICE, PROJECTS_SPACE, furnish
from simulator.server import SimulatorServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": (1280, 820), "phone": (390, 844)}


def show(card: dict[str, Any]) -> dict[str, Any]:
    return {"action": {"navigations": [{"pushCard": card}]}}


def close(text: str) -> dict[str, Any]:
    end = {"endNavigation": {"action": "CLOSE_DIALOG"}}
    return {"action": {"navigations": [end], "notification": {"text": text}}}


class Silent(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Say nothing: tests do not read an access log."""


class ProjectApp:
    """Opens a form, posts a card with what was asked, and edits it when its button is clicked."""

    def __init__(self, simulator: SimulatorServer) -> None:
        self._chat = simulator.world.chat
        self.events: list[dict[str, Any]] = []
        self.fails = False
        web = Flask("app")
        web.add_url_rule("/chat", view_func=self.hear, methods=["POST"])
        self._server = make_server("127.0.0.1", 0, web, threaded=True, request_handler=Silent)
        self.url = f"http://127.0.0.1:{self._server.port}/chat"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def hear(self) -> Any:
        event = request.get_json()
        self.events.append(event)
        if self.fails:
            return "no", 500
        return jsonify(self._answer(event))

    def _answer(self, event: dict[str, Any]) -> dict[str, Any]:
        chat, common = event["chat"], event["commonEventObject"]
        if "appCommandPayload" in chat:
            self.thread = chat["appCommandPayload"]["message"]["thread"]["name"]
            return show(self.form())
        if chat.get("buttonClickedPayload", {}).get("dialogEventType") == "SUBMIT_DIALOG":
            inputs = common["formInputs"]
            self.title = inputs["title"]["stringInputs"]["value"][0]
            body = {"cardsV2": [{"cardId": "job", "card": self.plan(self.title)}]}
            space = chat["buttonClickedPayload"]["space"]["name"]
            self.message = self._chat.post(space, body, APP_USER, thread_name=self.thread)["name"]
            return close("承りました")
        if "buttonClickedPayload" in chat:
            self.progress(0)
        return {}

    def progress(self, count: int) -> None:
        card = {
            "header": {"title": self.title, "subtitle": "作成しています"},
            "sections": [
                {
                    "widgets": [
                        {
                            "decoratedText": {
                                "startIcon": {"materialIcon": {"name": "progress_activity"}},
                                "topLabel": "進みぐあい",
                                "text": f"<b>{count}</b> / 73",
                            }
                        },
                        {"textInput": {"name": "note", "label": "メモ"}},
                    ]
                }
            ],
        }
        self._chat.edit(self.message, {"cardsV2": [{"cardId": "job", "card": card}]})

    def form(self) -> dict[str, Any]:
        action = {
            "function": self.url,
            "requiredWidgets": ["title"],
            "parameters": [{"key": "form", "value": "project"}],
        }
        kinds = [
            {"text": "金型", "value": "die", "selected": True},
            {"text": "治具", "value": "jig"},
        ]
        return {
            "header": {"title": "新しい案件", "subtitle": "フォルダーと工程表と見積書を用意します"},
            "sections": [
                {
                    "widgets": [
                        {"textInput": {"name": "title", "label": "案件名", "hintText": "例：富士工業 ブラケット金型"}},
                        {"selectionInput": {"name": "kind", "label": "種類", "type": "RADIO_BUTTON", "items": kinds}},
                        {"dateTimePicker": {"name": "due", "label": "納期", "type": "DATE_ONLY"}},
                        {"selectionInput": {"name": "people", "label": "担当者", "type": "MULTI_SELECT",
                                            "platformDataSource": {"commonDataSource": "USER"}}},
                        {"textInput": {"name": "note", "label": "備考", "type": "MULTIPLE_LINE"}},
                        {"decoratedText": {"text": "見積書も作る", "bottomLabel": "あとからでも作れます",
                                           "switchControl": {"name": "quote", "value": "yes", "selected": True}}},
                    ]
                }
            ],
            "fixedFooter": {"primaryButton": {"text": "次へ", "onClick": {"action": action}}},
        }  # fmt: skip

    def plan(self, title: str) -> dict[str, Any]:
        def button(text: str, kind: str, **more: Any) -> dict[str, Any]:
            parameters = [{"key": "do", "value": text}]
            action = {"function": self.url, "parameters": parameters}
            return {"text": text, "type": kind, "onClick": {"action": action}, **more}

        rows = [
            ("folder", "フォルダー", "12 個（01_見積 … 12_納品）"),
            ("description", "ファイル", "60 個"),
            ("table_chart", "工程表", "1 行追加"),
            ("payments", "見積", "¥131,200（税込）"),
        ]
        return {
            "header": {"title": title, "subtitle": "計画を確認してください"},
            "sections": [
                {
                    "widgets": [
                        {"decoratedText": {"startIcon": {"materialIcon": {"name": icon}}, "topLabel": label, "text": text}}
                        for icon, label, text in rows
                    ],
                    "collapsible": True,
                    "uncollapsibleWidgetsCount": 2,
                },
                {"widgets": [{"buttonList": {"buttons": [
                    button("実行する", "FILLED"), button("修正する", "OUTLINED"), button("やめる", "BORDERLESS"),
                ]}}]},
            ],
        }  # fmt: skip

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server() -> Iterator[SimulatorServer]:
    server = SimulatorServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def simulator(server: SimulatorServer) -> SimulatorServer:
    server.world.reset()
    furnish(server.world)
    return server


@pytest.fixture
def app(simulator: SimulatorServer) -> Iterator[ProjectApp]:
    app = ProjectApp(simulator)
    commands = [
        AppCommand(1, "/project", "案件のフォルダー一式を作る", opens_dialog=True),
        AppCommand(2, "/jobs", "いま動いている仕事を見る"),
    ]
    simulator.world.app = AppConfig(endpoint_url=app.url, commands=commands)
    yield app
    app.stop()


@pytest.fixture(scope="session")
def window(browser: Browser) -> Callable[[str], Page]:
    """Open a window of each size once: a new one takes Chromium most of a second."""

    @cache
    def opened(size: str) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="ja-JP",
            has_touch=size == "phone",
            reduced_motion="reduce",
        )
        return context.new_page()

    return opened


@pytest.fixture(params=list(SIZES))
def page(
    request: pytest.FixtureRequest,
    window: Callable[[str], Page],
    simulator: SimulatorServer,
    app: ProjectApp,
) -> Iterator[Page]:
    """Open the page as Alice, in the projects space; any script error fails the test."""
    page = window(request.param)
    errors: list[str] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    page.on("pageerror", note)
    page.goto(f"{simulator.origin}/?person={ALICE.name}&space={PROJECTS_SPACE.name}")
    page.get_by_role("combobox", name="新しいスレッドを開始").wait_for()
    yield page
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")  # nothing of the page lives on
    page.remove_listener("pageerror", note)
    assert errors == []
