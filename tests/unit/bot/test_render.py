import pytest

from bot.event import Event
from bot.reply import CloseDialog, Nothing, OpenDialog, Post, Reply, UpdateDialog, UpdateMessage
from bot.wire import parse, render
from tests.unit.bot import events
from tests.unit.bot.events import ALICE, MORNING, Body, addon, classic, dialog

CARD = {"header": {"title": "New project"}, "sections": []}
CARDS = {"cardsV2": [{"cardId": "plan", "card": CARD}]}
MARKUP = {"markupSyntax": "MARKUP_SYNTAX_CHAT"}
EVERY_REPLY = (
    Nothing(),
    Post({"text": "Done."}),
    UpdateMessage(CARDS),
    OpenDialog(CARD),
    UpdateDialog(CARD),
    CloseDialog("Accepted."),
)


def heard(body: Body) -> Event:
    event = parse(body)
    assert event is not None
    return event


MENTION_ADDON, MENTION = map(heard, events.mention("help"))
COMMAND_ADDON, COMMAND = map(heard, events.slash_command())
FLAGGED_ADDON, FLAGGED = map(heard, events.slash_command(**dialog("REQUEST_DIALOG")))
CLICK_ADDON, CLICK = map(heard, events.click())
OPENER_ADDON, OPENER = map(heard, events.click(**dialog("REQUEST_DIALOG")))
SUBMIT_ADDON, SUBMIT = map(heard, events.click(**dialog("SUBMIT_DIALOG")))
CANCEL_ADDON, CANCEL = map(heard, events.click(**dialog("CANCEL_DIALOG")))
QUERY_ADDON, QUERY = map(heard, (addon("widgetUpdatedPayload"), classic("WIDGET_UPDATED")))
ADDED_ADDON, ADDED = map(heard, (addon("addedToSpacePayload"), classic("ADDED_TO_SPACE")))
REMOVED_ADDON, REMOVED = map(
    heard, (addon("removedFromSpacePayload"), classic("REMOVED_FROM_SPACE"))
)
HOME_ADDON, HOME = map(heard, (addon(None), classic("APP_HOME")))
FORM = heard({"chat": {"type": "SUBMIT_FORM", "user": ALICE, "eventTime": MORNING}})


def test_nothing_is_an_empty_body() -> None:
    assert render(Nothing(), MENTION_ADDON) == render(Nothing(), MENTION) == {}


def test_a_post_says_which_markup_its_text_is_in() -> None:
    post = Post({"text": "*Done*"})
    assert render(post, MENTION_ADDON) == {
        "hostAppDataAction": {
            "chatDataAction": {"createMessageAction": {"message": {"text": "*Done*", **MARKUP}}}
        }
    }
    assert render(post, MENTION) == {
        "actionResponse": {"type": "NEW_MESSAGE"},
        "text": "*Done*",
        **MARKUP,
    }


def test_a_markup_that_the_message_names_itself_stays() -> None:
    markdown = {"text": "**Done**", "markupSyntax": "MARKUP_SYNTAX_MARKDOWN"}
    assert render(Post(markdown), MENTION) == {"actionResponse": {"type": "NEW_MESSAGE"}} | markdown


def test_cards_alone_name_no_markup() -> None:
    assert "markupSyntax" not in render(Post(CARDS), MENTION)


def test_a_private_post_names_the_one_who_sees_it() -> None:
    post = Post(CARDS, private_to="users/1001")
    private = CARDS | {"privateMessageViewer": {"name": "users/1001"}}
    assert render(post, COMMAND) == {"actionResponse": {"type": "NEW_MESSAGE"}} | private
    answer = render(post, COMMAND_ADDON)["hostAppDataAction"]["chatDataAction"]
    assert answer == {"createMessageAction": {"message": private}}


def test_the_clicked_message_is_updated() -> None:
    assert render(UpdateMessage(CARDS), CLICK_ADDON) == {
        "hostAppDataAction": {"chatDataAction": {"updateMessageAction": {"message": CARDS}}}
    }
    assert render(UpdateMessage(CARDS), CLICK) == {
        "actionResponse": {"type": "UPDATE_MESSAGE"},
        **CARDS,
    }


@pytest.mark.parametrize("event", [FLAGGED_ADDON, OPENER_ADDON, SUBMIT_ADDON, HOME_ADDON])
def test_an_add_on_opens_a_dialog_or_its_home_tab_by_pushing_a_card(event: Event) -> None:
    assert render(OpenDialog(CARD), event) == {"action": {"navigations": [{"pushCard": CARD}]}}


@pytest.mark.parametrize("event", [FLAGGED, OPENER, SUBMIT])
def test_a_classic_app_opens_a_dialog_with_its_body(event: Event) -> None:
    assert render(OpenDialog(CARD), event) == {
        "actionResponse": {"type": "DIALOG", "dialogAction": {"dialog": {"body": CARD}}}
    }


def test_a_dialog_is_shown_again_in_place() -> None:
    assert render(UpdateDialog(CARD), SUBMIT_ADDON) == {
        "action": {"navigations": [{"updateCard": CARD}]}
    }
    assert render(UpdateDialog(CARD), SUBMIT) == render(OpenDialog(CARD), SUBMIT)


def test_a_classic_home_tab_is_shown_and_updated_by_navigation() -> None:
    assert render(OpenDialog(CARD), HOME) == {"action": {"navigations": [{"pushCard": CARD}]}}
    assert render(UpdateDialog(CARD), FORM) == {
        "renderActions": {"action": {"navigations": [{"updateCard": CARD}]}}
    }


def test_a_dialog_closes_with_a_line_to_read() -> None:
    assert render(CloseDialog("Accepted."), SUBMIT_ADDON) == {
        "action": {
            "navigations": [{"endNavigation": {"action": "CLOSE_DIALOG"}}],
            "notification": {"text": "Accepted."},
        }
    }
    assert render(CloseDialog("Accepted."), SUBMIT) == {
        "actionResponse": {
            "type": "DIALOG",
            "dialogAction": {
                "actionStatus": {"statusCode": "OK", "userFacingMessage": "Accepted."}
            },
        }
    }


def test_a_dialog_may_close_without_a_word() -> None:
    assert "notification" not in render(CloseDialog(), SUBMIT_ADDON)["action"]
    action = render(CloseDialog(), SUBMIT)["actionResponse"]["dialogAction"]
    assert action == {"actionStatus": {"statusCode": "OK"}}


def test_the_reply_s_own_message_is_left_as_it_was() -> None:
    message = {"text": "Done."}
    render(Post(message, private_to="users/1001"), MENTION)
    assert message == {"text": "Done."}


@pytest.mark.parametrize(
    ("asked", "carried"),
    [
        ((MENTION_ADDON, MENTION, COMMAND_ADDON, COMMAND), {Nothing, Post}),
        ((ADDED_ADDON, ADDED), {Nothing, Post}),
        ((FLAGGED_ADDON, FLAGGED, OPENER_ADDON, OPENER), {OpenDialog, CloseDialog}),
        (
            (SUBMIT_ADDON, SUBMIT),
            {OpenDialog, UpdateDialog, CloseDialog, Post, UpdateMessage},
        ),
        ((CLICK,), {Nothing, Post, UpdateMessage}),
        # An add-on's click may have been on an OPEN_DIALOG button without saying so.
        (
            (CLICK_ADDON,),
            {Nothing, Post, UpdateMessage, OpenDialog, UpdateDialog, CloseDialog},
        ),
        (
            (CANCEL_ADDON, CANCEL, REMOVED_ADDON, REMOVED, QUERY_ADDON, QUERY),
            {Nothing},
        ),
        ((HOME_ADDON, HOME), {Nothing, OpenDialog}),
        ((FORM,), {Nothing, UpdateDialog}),
    ],
)
def test_an_event_carries_only_the_replies_that_chat_takes_for_it(
    asked: tuple[Event, ...], carried: set[type[Reply]]
) -> None:
    for event in asked:
        for reply in EVERY_REPLY:
            if type(reply) in carried:
                render(reply, event)
            else:
                with pytest.raises(ValueError, match=type(reply).__name__):
                    render(reply, event)


def test_a_dialog_that_no_card_s_button_opened_has_no_message_to_update() -> None:
    submit = heard(addon("buttonClickedPayload", **dialog("SUBMIT_DIALOG")))
    with pytest.raises(ValueError, match="UpdateMessage"):
        render(UpdateMessage(CARDS), submit)
