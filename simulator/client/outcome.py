"""What a person sees after an action, and what a developer would like to know about it."""

from dataclasses import dataclass, field
from typing import Any

from simulator.client.interaction import Interaction, Kind

# Chat's own sentences, in the person's language.
_SENTENCES = {
    "not_responding": {
        "en": "{app} is not responding",
        "ja": "{app} は応答していません",
    },
    "not_processed": {
        "en": "{app} is unable to process your request",
        "ja": "{app} はリクエストを処理できません",
    },
    "no_dialog": {
        "en": "Could not load dialog. Either {app} is not responding or the response is invalid",
        "ja": "ダイアログを読み込めませんでした。{app} が応答していないか、応答が無効です",
    },
    "incomplete": {
        "en": "Check the fields marked in red",
        "ja": "赤く示された欄を確認してください",
    },
}


@dataclass(frozen=True)
class Failure:
    shown: str
    why: str
    status: int | None = None
    # The inputs that Chat marks red instead of sending the click.
    fields: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    event: str | None = None
    dialog: dict[str, Any] | None = None
    closed: bool = False
    notice: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    suggestions: list[dict[str, Any]] | None = None
    error: Failure | None = None
    ms: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "event": self.event,
            "dialog": self.dialog,
            "closed": self.closed,
            "notice": self.notice,
            "messages": self.messages,
            "suggestions": self.suggestions,
            "error": self.error and vars(self.error),
            "ms": self.ms,
        }


def failed(interaction: Interaction, app_name: str, why: str, status: int | None) -> Failure:
    if interaction.dialog_event:
        sentence = "no_dialog"
    elif interaction.kind == Kind.CLICK:
        sentence = "not_processed"
    else:
        sentence = "not_responding"
    return Failure(_said(sentence, interaction.person.locale, app_name), why, status)


def incomplete(fields: list[str], locale: str, app_name: str) -> Failure:
    why = f"Chat does not send the click: {', '.join(fields)} is required or not valid"
    return Failure(_said("incomplete", locale, app_name), why, fields=fields)


def _said(sentence: str, locale: str, app_name: str) -> str:
    language = "ja" if locale.startswith("ja") else "en"
    return _SENTENCES[sentence][language].format(app=app_name)
