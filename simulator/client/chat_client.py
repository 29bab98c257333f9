"""People acting in Chat: each action becomes an event, the app's answer becomes an outcome."""

from dataclasses import replace
from typing import Any

from simulator.chat.people import Person, Space
from simulator.client import composer, display, forms
from simulator.client.delivery import Delivery, Event
from simulator.client.dialogs import Dialog, Dialogs
from simulator.client.exchange import Exchange
from simulator.client.interaction import Action, DialogEventType, Interaction, Kind, time_zone
from simulator.client.outcome import Outcome, incomplete
from simulator.clock import moment
from simulator.world import World


class NotPossibleError(Exception):
    """Nobody could do this in Chat: the message tells what is missing."""


class ChatClient:
    def __init__(self, world: World) -> None:
        self.delivery = Delivery(world.keys)
        self._world = world
        self._dialogs = Dialogs()
        self._exchange = Exchange(world, self.delivery, self._dialogs)

    # What a person sees

    def person(self, name: str) -> Person:
        try:
            return self._world.chat.person(name)
        except KeyError:
            raise NotPossibleError(f"there is no person {name}") from None

    def spaces_of(self, person: Person) -> list[Space]:
        return [space for space in self._world.chat.spaces() if person.name in space.members]

    def messages(self, person_name: str, space_name: str) -> list[dict[str, Any]]:
        self._present(person_name, space_name)
        return [
            message
            for message in self._world.chat.messages(space_name)
            if display.may_see(message, person_name)
        ]

    def event(self, event_id: str) -> Event:
        event = self.delivery.kept(event_id)
        if event is None:
            raise NotPossibleError(f"{event_id} is not among the last events")
        return event

    # What a person does

    def say(
        self, person_name: str, space_name: str, text: str, thread: str | None = None
    ) -> tuple[dict[str, Any], Outcome]:
        """Post what a person typed and tell the app if it is meant for it."""
        person, space = self._present(person_name, space_name)
        app, chat = self._world.app, self._world.chat
        if not text.strip():
            raise NotPossibleError("an empty message cannot be sent")
        if thread and not chat.has_thread(thread):
            raise NotPossibleError(f"there is no thread {thread}")
        body = composer.typed(text, space, app, chat.people())
        command = composer.command_in(text, space, app)
        mentioned = composer.mentions_app(text, app)
        message = chat.post(space_name, body, person.user(), thread_name=thread)
        heard = Interaction(Kind.MESSAGE, person, space, moment(), message=message)
        if command:
            dialog_event = DialogEventType.REQUEST if command.opens_dialog else None
            heard = replace(heard, kind=Kind.COMMAND, command=command, dialog_event=dialog_event)
        elif mentioned and not space.app_is_member:
            space.app_is_member = True
            chat.add_space(space)
            heard = replace(heard, adds_app=True)
        elif not mentioned and not (space.app_is_member and space.space_type == "DIRECT_MESSAGE"):
            return message, Outcome()
        return message, self._exchange.tell(heard)

    def click(
        self,
        person_name: str,
        message_name: str,
        action: dict[str, Any],
        entries: dict[str, forms.Entry],
    ) -> Outcome:
        """Click a button, or change an input that has an ``onChangeAction``, in a message."""
        message = self._message(message_name, person_name)
        person, space = self._present(person_name, message["space"]["name"])
        dialog_event = (
            DialogEventType.REQUEST if action.get("interaction") == "OPEN_DIALOG" else None
        )
        clicked = Interaction(
            Kind.CLICK, person, space, moment(), message=message, dialog_event=dialog_event
        )
        return self._act(clicked, display.cards(message), action, entries)

    def submit(
        self,
        person_name: str,
        dialog_id: str,
        action: dict[str, Any],
        entries: dict[str, forms.Entry],
    ) -> Outcome:
        """Click a button, or change an input that has an ``onChangeAction``, in a dialog."""
        dialog = self._dialog(dialog_id, person_name)
        clicked = replace(self._in_dialog(dialog), dialog_event=DialogEventType.SUBMIT)
        return self._act(clicked, [dialog.card], action, entries)

    def close(self, person_name: str, dialog_id: str, *, by_icon: bool) -> Outcome:
        """Close a dialog; the app hears of the X, and of no other way."""
        dialog = self._dialog(dialog_id, person_name)
        self._dialogs.close(dialog_id, person_name)
        if not by_icon:
            return Outcome(closed=True)
        cancelled = replace(self._in_dialog(dialog), dialog_event=DialogEventType.CANCEL)
        return self._exchange.tell(cancelled)

    def suggest(
        self, person_name: str, space_name: str, action: dict[str, Any], query: str
    ) -> Outcome:
        """Type into a menu whose items come from the app."""
        person, space = self._present(person_name, space_name)
        asked = _action(action)
        parameters = {**asked.parameters, "autocomplete_widget_query": query}
        return self._exchange.tell(
            Interaction(
                Kind.QUERY,
                person,
                space,
                moment(),
                action=replace(asked, parameters=parameters),
            )
        )

    def set_membership(self, person_name: str, space_name: str, *, member: bool) -> Outcome:
        """Add the app to a space from its member list, or take it out."""
        person, space = self._present(person_name, space_name)
        space.app_is_member = member
        self._world.chat.add_space(space)
        return self._exchange.tell(
            Interaction(Kind.ADDED if member else Kind.REMOVED, person, space, moment())
        )

    def redeliver(self, event_id: str) -> Outcome:
        """Send the very same event again, as Chat does when it does not know what became of it."""
        return self._exchange.deliver(self.event(event_id))

    def _act(
        self,
        clicked: Interaction,
        cards: list[dict[str, Any]],
        action: dict[str, Any],
        entries: dict[str, forms.Entry],
    ) -> Outcome:
        found = forms.inputs(cards)
        try:
            form_inputs = forms.filled(found, entries, time_zone(clicked.person))
        except forms.UnknownInputError as error:
            raise NotPossibleError(str(error)) from error
        red = forms.refused(found, form_inputs, action)
        if red:
            app_name = self._world.app.display_name
            return Outcome(error=incomplete(red, clicked.person.locale, app_name))
        return self._exchange.tell(
            replace(clicked, action=_action(action), form_inputs=form_inputs)
        )

    def _in_dialog(self, dialog: Dialog) -> Interaction:
        person, space = self._present(dialog.person, dialog.space)
        # Only a dialog that a card's button opened knows the card's message.
        message = self._message(dialog.message, person.name) if dialog.message else None
        return Interaction(
            Kind.CLICK,
            person,
            space,
            moment(),
            message=message,
            thread=dialog.thread,
            dialog=dialog.id,
        )

    def _dialog(self, dialog_id: str, person_name: str) -> Dialog:
        dialog = self._dialogs.find(dialog_id, person_name)
        if dialog is None:
            raise NotPossibleError(f"{person_name} has no open dialog {dialog_id}")
        return dialog

    def _message(self, name: str, person_name: str) -> dict[str, Any]:
        try:
            message = self._world.chat.message(name)
        except KeyError:
            raise NotPossibleError(f"there is no message {name}") from None
        if not display.may_see(message, person_name):
            raise NotPossibleError(f"{person_name} cannot see {name}")
        return message

    def _present(self, person_name: str, space_name: str) -> tuple[Person, Space]:
        person = self.person(person_name)
        try:
            space = self._world.chat.space(space_name)
        except KeyError:
            raise NotPossibleError(f"there is no space {space_name}") from None
        if person_name not in space.members:
            raise NotPossibleError(f"{person.display_name} is not in {space.display_name}")
        return person, space


def _action(action: dict[str, Any]) -> Action:
    parameters = {each["key"]: str(each["value"]) for each in action.get("parameters", [])}
    return Action(action.get("function", ""), parameters)
