"""Takes the README's picture: ``python -m tests.browser.screenshot`` (needs Debian's chromium)."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from kakari.demo.conversation import Conversation
from kakari.demo.stack import Stack
from simulator.office import ALICE, PROJECTS_SPACE
from tests.browser.conftest import CHROMIUM, QUIET

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "chat-page.png"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stack = Stack(Path(folder))
        try:
            stack.start()
            Conversation(stack.page, lambda _line: None).project()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{stack.page}/?person={ALICE.name}&space={PROJECTS_SPACE.name}")
            page.get_by_role("link", name="開く").last.click()
            page.get_by_text("はじめにお読みください").wait_for()
            page.screenshot(path=PICTURE)
            browser.close()
        finally:
            stack.stop()


if __name__ == "__main__":
    main()
