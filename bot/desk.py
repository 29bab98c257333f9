"""The front desk: what an event means, who may, and one transaction for the answer."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from bot import schedule
from bot.answer import Answer, notice, say
from bot.decisions import Decisions
from bot.event import Dialog, Event, EventKind
from bot.forms import Forms
from bot.permissions import Permissions, job_here
from bot.queries import QUERIES, help_card
from bot.query import AtHand
from bot.reply import Nothing
from bot.standing import Standing
from bot.wire import render, replies_to
from cards.sentences import Sentence
from errors import KakariError
from errors.asking import AskingError, JobUnknown, TooLong
from ledger import events, owed
from ledger.bell import Bell
from ledger.database import Ledger
from reading.text import LONGEST_SEARCH
from tasks.base import Setting
from tasks.registry import all_tasks, by_command, by_word, meant, plain

UNKNOWN = Sentence("I do not know “{word}”.", "「{word}」というコマンドはありません。")
MEANT = Sentence("Did you mean /{word}?", "/{word} のことですか？")
WELCOME = Sentence("Hello! Here is what I can do.", "はじめまして。できることは次のとおりです。")

HEARD = (EventKind.MESSAGE, EventKind.COMMAND, EventKind.CLICK, EventKind.ADDED)

PROMPT = 0.2
"""Seconds that a bell may hold a reply up. A worker may have had the job done by then."""

log = structlog.get_logger()


@dataclass(frozen=True)
class DeskSettings:
    """What the deployer decided for the front desk."""

    url: str
    """Our own endpoint, which every button calls."""
    zone: ZoneInfo
    permissions: Permissions
    setting: Setting
    open_requests: int | None = None
    """How many a person may have open at a time; None for any number."""
    admin_space: str | None = None
    """Who is told that the permissions file cannot be used."""


class Desk:
    """Answers events. What was done is remembered, and a second delivery gets the same answer."""

    def __init__(self, ledger: Ledger, bell: Bell, settings: DeskSettings) -> None:
        self.ledger = ledger
        self.bell = bell
        self.permissions = settings.permissions
        self.standing = Standing(ledger, settings.permissions, settings.admin_space)
        self.forms = Forms(
            settings.url, settings.setting, ledger, settings.permissions, settings.open_requests
        )
        self.decisions = Decisions(
            settings.url, settings.zone, settings.permissions, settings.open_requests
        )
        self.at_hand = AtHand(
            bell, settings.url, settings.zone, settings.permissions, settings.setting.schedule
        )

    def answer(self, event: Event) -> dict[str, Any]:
        """Return the body of the reply, after everything it promises is in the ledger."""
        if event.kind not in HEARD or event.dialog is Dialog.CANCEL:
            return render(Nothing(), event)
        self.standing.tell()
        if not self.permissions.allow(event):
            log.info("desk.not_allowed", kind=event.kind.name)
            return self._refuse(event, self.permissions.refusal(event))
        try:
            return self._commit(event, self._meaning(event))
        except KakariError as error:
            log.info("desk.refused", kind=event.kind.name, error=type(error).__name__)
            return self._refuse(event, error)

    def _commit(self, event: Event, answer: Answer) -> dict[str, Any]:
        """Do what the answer wants, or return what an earlier delivery was answered."""
        with self.ledger.write() as tx:
            # First of all, so that a second delivery that comes meanwhile waits here for us.
            if not events.remember(tx, event.key):
                _show_again(tx, event)
                return events.reply_given(tx, event.key)
            said = answer(tx)
            # Whether a tap has come from a dialog, or may open one, it says itself.
            if event.kind is EventKind.CLICK and not isinstance(said.reply, replies_to(event)):
                raise AskingError
            body = render(said.reply, event)
            events.keep_reply(tx, event.key, body)
        if said.ring:
            began = time.monotonic()
            if not self.bell.ring() and said.unheard is not None:
                body = render(said.unheard, event)
                with self.ledger.write() as tx:
                    events.keep_reply(tx, event.key, body)
            if time.monotonic() - began > PROMPT:
                with self.ledger.write() as tx:
                    _show_again(tx, event)
        return body

    def _refuse(self, event: Event, error: KakariError) -> dict[str, Any]:
        """Say one sentence. Nothing was changed, so a second delivery may be looked at anew."""
        return render(notice(event, error.say(event.user.locale)), event)

    def _meaning(self, event: Event) -> Answer:
        if event.kind is EventKind.CLICK:
            return self._clicked(event)
        if event.kind is not EventKind.ADDED:
            return self._asked(event)
        if event.interaction_add:  # the words it was added with come in an event of their own
            return say(Nothing())
        return say(help_card(event, self.permissions, WELCOME.say(event.user.locale)))

    def _asked(self, event: Event) -> Answer:
        """Find what a command or a mention's first word asks for."""
        if event.command_id is not None:
            task = by_command(event.command_id)
            query = next((q for q in QUERIES.values() if q.command_id == event.command_id), None)
            word, text = f"#{event.command_id}", event.text
        else:
            # Japanese is typed with a space of its own, and lines may break after the word.
            word, text = (*event.text.split(maxsplit=1), "", "")[:2]
            task = by_word(word)
            query = next((q for q in QUERIES.values() if plain(word) in (q.name, *q.words)), None)
        if task is not None:
            return self.forms.ask(event, task, text.strip())
        if query is not None:
            self.permissions.demand_ask(event, query.name)
            if len(text) > LONGEST_SEARCH:
                raise TooLong(most=LONGEST_SEARCH)
            event = replace(event, text=text)  # without the word that called it
            return query.answer(event, self.at_hand)
        return say(help_card(event, self.permissions, self._lead(event, word) if word else None))

    def _clicked(self, event: Event) -> Answer:
        if event.action == "ask":
            task = all_tasks().get(event.parameters.get("task", ""))
            if task is None:
                raise AskingError
            return self.forms.ask(event, task, event.parameters.get("text", ""))
        handler = self.actions().get(event.action)
        if handler is None:
            raise AskingError
        return handler(event)

    def actions(self) -> dict[str, Callable[[Event], Answer]]:
        """Return what each button calls, besides those that open a form; each demands its right."""

        def from_here(answer: Callable[[Event, AtHand], Answer]) -> Callable[[Event], Answer]:
            return lambda event: answer(event, self.at_hand)

        pages = {q.name: from_here(q.turn) for q in QUERIES.values() if q.turn is not None}
        return {
            "form": self.forms.step,
            "edit": self.forms.edit,
            "apply": self.decisions.apply,
            "discard": self.decisions.discard,
            "cancel": self.decisions.cancel,
            "retry": self.decisions.retry,
            "undo": self.decisions.undo,
            "again": self.decisions.again,
            "happened": self.decisions.happened,
            "did_not": self.decisions.did_not,
            "show": self.decisions.show,
            "answer": from_here(schedule.answer),
            "questions": from_here(schedule.turn),
            **pages,
        }

    def _lead(self, event: Event, word: str) -> str:
        locale = event.user.locale
        sentence = UNKNOWN.say(locale, word=word[:50])
        close = meant(word, self.permissions.askable(event, [*all_tasks(), *QUERIES]))
        return f"{sentence} {MEANT.say(locale, word=close)}" if close else sentence


def _show_again(tx: Session, event: Event) -> None:
    """Have the tapped card edited once the reply has arrived, which may write over a newer one."""
    with suppress(JobUnknown):
        job = job_here(tx, event, event.parameters.get("job", ""))
        owed.owe_edit(tx, job.id, at_leisure=True)
