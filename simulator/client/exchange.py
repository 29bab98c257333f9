"""One exchange with the app: an interaction goes out as events, what comes back changes Chat."""

from simulator.client import addon, classic, display
from simulator.client.delivery import Answer, Delivery, Event
from simulator.client.dialogs import Dialogs
from simulator.client.interaction import DialogEventType, Interaction, Kind
from simulator.client.outcome import Failure, Outcome, failed
from simulator.client.reply import InvalidReplyError, Reply, check_fits
from simulator.client.resources import app_user
from simulator.world import World

# What an app's update replaces in a message; what it leaves out is taken away.
_REPLACED = ("text", "cardsV2", "accessoryWidgets")


class Exchange:
    def __init__(self, world: World, delivery: Delivery, dialogs: Dialogs) -> None:
        self._world = world
        self._delivery = delivery
        self._dialogs = dialogs

    def tell(self, interaction: Interaction) -> Outcome:
        try:
            url = self._url(interaction)
        except InvalidReplyError as error:
            return Outcome(error=self._failure(interaction, str(error), None))
        app = self._world.app
        wire = classic if app.wire == "classic" else addon
        outcomes = [
            self.deliver(self._delivery.keep(interaction, url, body))
            for body in wire.events(interaction, app)
        ]
        # Being added by a mention may be two requests; the person sees what both brought.
        last = outcomes[-1]
        last.messages = [message for outcome in outcomes for message in outcome.messages]
        last.error = last.error or outcomes[0].error
        return last

    def deliver(self, event: Event) -> Outcome:
        interaction = event.interaction
        answer = self._delivery.send(event, self._world.app)
        outcome = Outcome(event=event.id, ms=answer.ms)
        try:
            reply = self._read(answer, interaction)
            self._apply(reply, interaction, outcome)
        except InvalidReplyError as error:
            outcome.error = self._failure(interaction, str(error), answer.status)
        return outcome

    def _url(self, interaction: Interaction) -> str:
        """Tell where the event goes: a click in an add-on's card to the URL its button names."""
        function, app = interaction.action.function, self._world.app
        if app.wire == "addon" and interaction.kind in {Kind.CLICK, Kind.QUERY}:
            cancelled = interaction.dialog_event == DialogEventType.CANCEL
            if not cancelled and not function.startswith(("https://", "http://")):
                raise InvalidReplyError(f"action.function must be a full URL and is {function!r}")
            if function:
                return function
        if not app.endpoint_url:
            raise InvalidReplyError("the app's endpoint URL is not configured")
        return app.endpoint_url

    def _read(self, answer: Answer, interaction: Interaction) -> Reply:
        if answer.failure is not None:
            raise InvalidReplyError(answer.failure)
        if _is_unanswerable(interaction):
            return Reply(close=interaction.dialog_event is not None)
        is_classic = self._world.app.wire == "classic"
        reply = classic.reply(answer.body) if is_classic else addon.reply(answer.body)
        check_fits(reply, interaction)
        if reply.create is not None:
            reply.create = display.accepted_message(reply.create)
        if reply.update is not None:
            reply.update = display.accepted_message(reply.update)
        if reply.dialog is not None:
            reply.dialog = display.accepted_card(reply.dialog)
        return reply

    def _apply(self, reply: Reply, interaction: Interaction, outcome: Outcome) -> None:
        chat = self._world.chat
        if reply.create is not None:
            created = chat.post(
                interaction.space.name,
                reply.create,
                app_user(self._world.app),
                thread_name=interaction.reply_thread,
            )
            outcome.messages.append(created)
        if reply.update is not None:
            assert interaction.message
            fields = {key: reply.update.get(key) for key in _REPLACED}
            try:
                outcome.messages.append(chat.edit(interaction.message["name"], fields))
            except KeyError:
                raise InvalidReplyError("the clicked message was deleted meanwhile") from None
        outcome.notice = reply.notice
        outcome.suggestions = reply.suggestions
        if reply.dialog is not None:
            self._show(reply.dialog, interaction, outcome)
        elif interaction.dialog_event:
            if interaction.dialog:
                self._dialogs.close(interaction.dialog, interaction.person.name)
            outcome.closed = True

    def _show(self, card: dict[str, object], interaction: Interaction, outcome: Outcome) -> None:
        person = interaction.person.name
        if interaction.dialog:
            dialog = self._dialogs.show(interaction.dialog, person, card)
        else:
            message = interaction.message
            opened_by = message["name"] if message and interaction.kind == Kind.CLICK else None
            dialog = self._dialogs.open(
                person, interaction.space.name, card, opened_by, interaction.reply_thread
            )
        if dialog is None:  # closed by its person while the app was still thinking
            outcome.closed = True
        else:
            outcome.dialog = {"id": dialog.id, "card": dialog.card}

    def _failure(self, interaction: Interaction, why: str, status: int | None) -> Failure:
        return failed(interaction, self._world.app.display_name, why, status)


def _is_unanswerable(interaction: Interaction) -> bool:
    """Whatever the app says to a removal or to a closed dialog, nobody is there to see it."""
    return interaction.kind == Kind.REMOVED or interaction.dialog_event == DialogEventType.CANCEL
