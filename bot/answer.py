"""What a handler gives back: work for the transaction that also remembers the event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.event import Dialog, Event
from bot.reply import CloseDialog, Nothing, OpenDialog, Post, Reply
from bot.wire import replies_to
from cards import widgets as w

NAME = "Kakari"


@dataclass(frozen=True)
class Said:
    """A reply; with ``ring`` a worker is told after the commit.

    ``unheard`` is the reply instead, if the queue is away and nobody hears the bell.
    """

    reply: Reply
    ring: bool = False
    unheard: Reply | None = None


Answer = Callable[[Session], Said]
"""Runs inside the event's transaction: ledger only, no Google, no templates, no Redis."""


def say(reply: Reply) -> Answer:
    """Answer without touching the ledger."""
    return lambda _tx: Said(reply)


def notice(event: Event, text: str) -> Reply:
    """Say one sentence to the person alone, in the form that this interaction can carry."""
    if event.dialog is Dialog.SUBMIT:
        return CloseDialog(text)
    card = w.card(NAME, w.section(w.paragraph(text)))
    return privately(event, card, {"text": w.escape_markup(text)})


def privately(event: Event, card: w.Card, message: dict[str, Any]) -> Reply:
    """Show the person alone a card, as a dialog where one was asked for, else as a message."""
    possible = replies_to(event)
    if Post in possible:
        return Post(message, private_to=event.user.name)
    return OpenDialog(card) if OpenDialog in possible else Nothing()


def opens_dialog(event: Event) -> bool:
    """Say whether a dialog may be the answer: a plain message cannot open one."""
    return OpenDialog in replies_to(event)
