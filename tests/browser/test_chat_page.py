"""The Chat page as people use it, on a desk and on a phone, in a real browser."""

import pytest
from playwright.sync_api import expect

from simulator.chat.people import APP_USER
from simulator.drive.state import FOLDER
from simulator.office import ALICE, BOB, PROJECTS_FOLDER_ID, PROJECTS_SPACE

pytestmark = pytest.mark.browser


@pytest.fixture
def box(page):
    return page.get_by_role("combobox", name="新しいスレッドを開始")


@pytest.fixture
def is_phone(page):
    return page.viewport_size["width"] < 700


@pytest.fixture
def planned(page, box):
    """Alice asked for a project and sees its plan."""
    box.fill("/")
    page.get_by_role("option", name="/project").click()
    dialog = page.get_by_role("dialog", name="新しい案件")
    dialog.get_by_label("案件名").fill("富士工業")
    dialog.get_by_role("button", name="次へ").click()
    expect(page.get_by_text("計画を確認してください")).to_be_visible()
    return page


def test_a_command_opens_a_form_and_its_answer_is_a_card_that_changes_live(page, box, app):
    box.fill("/")
    page.get_by_role("option", name="/project").click()
    dialog = page.get_by_role("dialog", name="新しい案件")
    expect(dialog.get_by_label("案件名")).to_be_focused()
    dialog.get_by_label("案件名").fill("富士工業")
    dialog.get_by_label("治具").check()
    dialog.get_by_label("納期").fill("2026-11-30")
    dialog.get_by_label("担当者").click()
    dialog.get_by_role("option", name="Bob").click()
    dialog.get_by_role("switch", name="見積書も作る").uncheck()
    dialog.get_by_role("button", name="次へ").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("承りました")).to_be_visible()
    inputs = app.events[-1]["commonEventObject"]["formInputs"]
    assert inputs == {
        "title": {"stringInputs": {"value": ["富士工業"]}},
        "kind": {"stringInputs": {"value": ["jig"]}},
        "due": {"dateInput": {"msSinceEpoch": 1795996800000}},
        "people": {"stringInputs": {"value": [BOB.name]}},
        "note": {"stringInputs": {"value": [""]}},
        "quote": {"stringInputs": {"value": [""]}},
    }
    page.get_by_role("button", name="実行する").click()
    expect(page.get_by_text("0 / 73")).to_be_visible()
    app.progress(7)
    expect(page.get_by_text("7 / 73")).to_be_visible()
    expect(page.locator("article.by-app")).to_have_count(1)


def test_a_field_that_must_be_filled_is_marked_and_nothing_is_sent(page, box, app):
    box.fill("/project")
    box.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="次へ").click()
    expect(dialog.get_by_text("必須です")).to_be_visible()
    expect(dialog.get_by_label("案件名")).to_be_focused()
    assert len(app.events) == 1


def test_escape_closes_a_dialog_quietly_and_the_x_tells_the_app(page, box, app):
    box.fill("/project")
    box.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    box.fill("/project")
    box.press("Enter")
    with page.expect_response("**/dialog/close"):
        page.get_by_role("dialog").get_by_role("button", name="閉じる").click()
    kinds = [next(iter(event["chat"].keys() - {"user", "eventTime"})) for event in app.events]
    assert kinds == ["appCommandPayload", "appCommandPayload", "buttonClickedPayload"]


def test_what_one_is_typing_outlives_an_edit_of_its_card(planned, app):
    planned.get_by_role("button", name="実行する").click()
    note = planned.get_by_label("メモ")
    note.fill("下書き")
    app.progress(8)
    expect(planned.get_by_text("8 / 73")).to_be_visible()
    expect(note).to_have_value("下書き")
    expect(note).to_be_focused()


def test_folded_widgets_stay_as_the_person_left_them(planned, app):
    expect(planned.get_by_text("60 個")).to_be_visible()
    price = planned.get_by_text("¥131,200")
    expect(price).to_be_hidden()
    planned.get_by_role("button", name="もっと見る").click()
    expect(price).to_be_visible()
    again = {"cardsV2": [{"cardId": "job", "card": app.plan("別の名前")}]}
    planned_message = app.message
    app._chat.edit(planned_message, again)
    expect(planned.get_by_text("別の名前")).to_be_visible()
    expect(price).to_be_visible()


def test_an_app_that_fails_is_told_in_chats_words_and_explained_to_developers(page, box, app):
    app.fails = True
    box.fill("/jobs")
    box.press("Enter")
    expect(page.get_by_text("Kakari は応答していません")).to_be_visible()
    reason = page.get_by_text("the app answered 500")
    expect(reason).to_be_hidden()
    page.get_by_text("開発者向け").click()
    expect(reason).to_be_visible()


def test_replies_stay_in_their_thread_and_others_see_them_at_once(page, box, simulator):
    said = simulator.world.chat.post(PROJECTS_SPACE.name, {"text": "見積りは？"}, BOB.user())
    thread = page.locator(f'[data-thread="{said["thread"]["name"]}"]')
    thread.get_by_role("button", name="返信").click()
    reply = thread.get_by_role("combobox", name="このスレッドに返信")
    reply.fill("これから")
    reply.press("Enter")
    expect(thread.locator("article")).to_have_count(2)
    stored = simulator.world.chat.messages(PROJECTS_SPACE.name)[-1]
    assert stored["thread"]["name"] == said["thread"]["name"]
    assert stored["sender"]["name"] == ALICE.name


def test_the_enter_that_ends_a_conversion_does_not_send(page, box, simulator):
    box.fill("かかり")
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True})
    expect(box).to_have_value("かかり")
    assert simulator.world.chat.messages(PROJECTS_SPACE.name) == []


def test_one_can_be_somebody_else(page, is_phone):
    if is_phone:
        page.get_by_role("button", name="スペースの一覧を開く").click()
    page.get_by_label("あなたは").select_option(label="Bob Yamada")
    # Bob's language is English, and so is his page.
    expect(page.get_by_role("combobox", name="Start a new thread")).to_be_visible()
    expect(page.locator("#banner")).to_have_text("Simulator: nothing here reaches Google.")


def test_a_folder_link_opens_drive_at_that_folder_which_fills_while_one_looks(
    page, simulator, is_phone
):
    drive = simulator.world.drive
    projects = drive.file(PROJECTS_FOLDER_ID)
    folder = drive.add("2026-031 富士工業", FOLDER, projects, ALICE.email, file_id="F1")
    # Another name for the same simulator, as a container would know it.
    link = {"openLink": {"url": "http://simulator.internal:9000/#drive/F1"}}
    card = {
        "sections": [
            {"widgets": [{"buttonList": {"buttons": [{"text": "開く", "onClick": link}]}}]}
        ]
    }
    body = {"cardsV2": [{"cardId": "done", "card": card}]}
    simulator.world.chat.post(PROJECTS_SPACE.name, body, APP_USER)
    page.get_by_role("link", name="開く").click()
    linked = page.locator(".row.linked")
    expect(linked).to_contain_text("2026-031 富士工業")
    text = drive.content("担当: アリス".encode())
    drive.add("はじめに.md", "text/markdown", folder, ALICE.email, file_id="T1", **text)
    page.get_by_role("button", name="はじめに.md").click()
    expect(page.get_by_text("担当: アリス")).to_be_visible()
    expect(page.locator("#conversation")).to_be_visible(visible=not is_phone)


def test_nothing_an_app_writes_becomes_html(page, simulator):
    evil = '<b>bold</b><img src=x onerror="document.title=1"><a href="javascript:document.title=1">x</a>'
    widgets = [
        {"textParagraph": {"text": evil}},
        {"decoratedText": {"text": "ok", "topLabel": evil}},
    ]
    card = {"header": {"title": evil}, "sections": [{"header": evil, "widgets": widgets}]}
    body = {"text": evil, "cardsV2": [{"cardId": "evil", "card": card}]}
    simulator.world.chat.post(PROJECTS_SPACE.name, body, APP_USER)
    article = page.locator("article")
    expect(article.locator(".textParagraph b")).to_have_text("bold")
    expect(article.locator(".card-title")).to_have_text(evil)
    assert article.locator("img, script, [onerror], a[href^=javascript]").count() == 0


def test_the_page_fits_its_window_without_scrolling_sideways(planned):
    overflow = planned.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
