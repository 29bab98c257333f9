"""The Message resource of a reply: the same in both formats."""

from typing import Any

from bot.reply import Post, Resource, UpdateMessage


def posted(post: Post) -> dict[str, Any]:
    resource = _spelled(post.message)
    if post.private_to:
        resource["privateMessageViewer"] = {"name": post.private_to}
    return resource


def updated(update: UpdateMessage) -> dict[str, Any]:
    return _spelled(update.message)


def _spelled(resource: Resource) -> dict[str, Any]:
    # New apps default to Markdown and older ones to Chat's own markup, so the text says which.
    if not resource.get("text"):
        return dict(resource)
    return {"markupSyntax": "MARKUP_SYNTAX_CHAT", **resource}
