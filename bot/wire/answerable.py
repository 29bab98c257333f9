"""Which replies Chat takes for which event; anything else it drops or calls “not responding”."""

from bot.event import Dialog, Event, EventKind, Wire
from bot.reply import CloseDialog, Nothing, OpenDialog, Post, Reply, UpdateDialog, UpdateMessage

Replies = tuple[type[Reply], ...]


def replies_to(event: Event) -> Replies:
    """Return the kinds of reply that the event can carry.

    https://developers.google.com/workspace/chat/dialogs and the reference of ``actionResponse``.
    """
    update: Replies = (UpdateMessage,) if event.message else ()
    match event.kind, event.dialog:
        case (EventKind.REMOVED | EventKind.WIDGET_UPDATED, _) | (_, Dialog.CANCEL):
            return (Nothing,)
        case _, Dialog.REQUEST:
            # A command ticked “Open a dialog” is owed one even where its arguments say it all.
            return (OpenDialog, CloseDialog)
        case _, Dialog.SUBMIT:
            return (OpenDialog, UpdateDialog, CloseDialog, Post, *update)
        case EventKind.HOME, _:
            return (Nothing, OpenDialog)
        case EventKind.FORM, _:
            return (Nothing, UpdateDialog)
        case EventKind.CLICK, _ if event.wire is Wire.ADDON:
            # Add-ons were seen to leave the flag out of an OPEN_DIALOG click; and the button of a
            # Home tab tells nothing that a card's button does not.
            return (Nothing, OpenDialog, UpdateDialog, CloseDialog, Post, *update)
        case EventKind.CLICK, _:
            return (Nothing, Post, *update)
        case _:
            return (Nothing, Post)
