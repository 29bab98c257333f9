"""One question as ``copier.yml`` writes it, and what of it Kakari cannot ask."""

from typing import Any

from cards.sentences import Sentence
from effects.rendering import Jinja, TemplateWrong
from errors.asking import UnusableName
from tasks.file_name import file_name
from tasks.project import expressions
from tasks.project.question import TYPES, Answer, Question, convert
from tasks.project.source import Source

OFFERED = frozenset(["project_name", "customer"])
"""What each template may use besides its own questions."""
KEYS = frozenset(["type", "help", "default", "choices", "when", "validator", "placeholder"])
MOST_CHOICES = 100


def literal(en: object, ja: object) -> Sentence:
    """Return texts of a template as a sentence, in which braces would name values."""
    return Sentence(*(str(text).replace("{", "{{").replace("}", "}}") for text in (en, ja)))


class Shape:
    """What stands under a question's name; ``before`` are the questions above it."""

    def __init__(
        self,
        source: Source,
        jinja: Jinja,
        *,
        name: str,
        shape: Any,
        japanese: Any,
        before: frozenset[str],
    ) -> None:
        self.source, self.jinja, self.name, self.before = source, jinja, name, before
        # Copier's short form: the name and its default.
        self.shape = shape if isinstance(shape, dict) else {"default": shape}
        if isinstance(japanese, str):
            japanese = {"help": japanese}
        self.japanese = source.mapping(japanese, "_kakari", "ja", name)

    def question(self) -> Question | None:
        """Return the question, or None if not even its type is known; mistakes are noted."""
        for key in self.shape.keys() - KEYS:
            self.wrong(
                str(key),
                f"Kakari does not support {key} in a question",
                f"質問の {key} には対応していません",
            )
        kind = TYPES.get(str(self.shape.get("type", type(self.shape.get("default")).__name__)))
        if kind is None:
            self.wrong(
                "type",
                f"the type has to be one of {', '.join(TYPES)}",
                f"type は {', '.join(TYPES)} のどれかにしてください",
            )
            return None
        choices = self.choices(kind)
        label, hint = self.label()
        when = self.shape.get("when", True)
        return Question(
            name=self.name,
            line=self.source.line(self.name),
            type=kind,
            label=label,
            hint=hint,
            choices=choices,
            default=self.default(kind, [value for value, _ in choices]),
            when=when if isinstance(when, str) else bool(when),
            validator=str(self.shape.get("validator") or ""),
            needs=self.needs(),
        )

    def label(self) -> tuple[Sentence, Sentence | None]:
        """Return the first line of the help, and what follows it for below the field."""
        english = str(self.shape.get("help") or self.name)
        if expressions.is_expression(english):
            self.wrong("help", "help cannot hold an expression", "help に式は使えません")
        first, _, more = english.strip().partition("\n")
        first_ja, _, more_ja = str(self.japanese.get("help") or english).strip().partition("\n")
        placeholder = str(self.shape.get("placeholder") or "")
        hint = literal(more.strip() or placeholder, (more_ja or more).strip() or placeholder)
        return literal(first, first_ja), hint if hint.en else None

    def choices(self, kind: type) -> tuple[tuple[Answer, Sentence], ...]:
        given = self.shape.get("choices") or {}
        if isinstance(given, list):
            given = {str(value): value for value in given}
        if not isinstance(given, dict) or (given and kind is bool):
            self.wrong(
                "choices",
                "write the choices as a list or as label: value, and none for a bool",
                "choices は一覧か「表示名: 値」で書いてください（bool には使えません）",
            )
            return ()
        if len(given) > MOST_CHOICES:
            self.wrong(
                "choices",
                f"a list takes {MOST_CHOICES} choices, here are {len(given)}",
                f"選択肢は {MOST_CHOICES} 個までです（{len(given)} 個あります）",
            )
        for value in given.values():
            if type(value) is not kind:
                self.no_such_type("choices", kind, value)
            self.answerable("choices", value)
        labels = self.source.mapping(
            self.japanese.get("choices"), "_kakari", "ja", self.name, "choices"
        )
        return tuple(
            (value, literal(label, labels.get(value, label)))
            for label, value in given.items()
            if isinstance(value, str | int | float)  # else it was noted
        )

    def default(self, kind: type, choices: list[Answer]) -> Answer | None:
        given = self.shape.get("default")
        if given is None or expressions.is_expression(given):
            return given
        try:
            value = convert(kind, given)
        except ValueError:
            self.no_such_type("default", kind, given)
            return None
        if choices and value not in choices:
            self.wrong("default", f"{value} is not a choice", f"{value} は選択肢にありません")
        # What is never asked is a value like any other in the template, and may be a sentence.
        if value != "" and self.shape.get("when") is not False:
            self.answerable("default", value)
        return value

    def needs(self) -> frozenset[str]:
        """Return the questions whose answers this one's expressions name."""
        when = self.shape.get("when", True)
        if not (isinstance(when, bool) or expressions.is_expression(when)):
            self.wrong("when", "write when as {{ … }}", "when は {{ … }} の形で書いてください")
        found: set[str] = set()
        for key in ("when", "default", "validator"):
            if not isinstance(self.shape.get(key), str):
                continue
            try:
                named = self.jinja.named(self.shape[key]).lines
            except TemplateWrong as error:
                self.wrong(key, error.en, f"式に誤りがあります: {error.ja}")
                continue
            itself = {self.name} if key == "validator" else set()
            for variable in named.keys() - OFFERED - self.before - itself:
                self.wrong(
                    key,
                    f"{variable} is not asked before {self.name}",
                    f"{variable} は {self.name} より前の質問にありません",
                )
            found |= named.keys() & self.before
        return frozenset(found)

    def answerable(self, key: str, value: object) -> None:
        """Note if a text of the template could not be a person's answer."""
        if isinstance(value, str):
            try:
                file_name(value)
            except UnusableName as error:
                self.wrong(key, error.say("en"), error.say("ja"))

    def no_such_type(self, key: str, kind: type, value: object) -> None:
        self.wrong(
            key,
            f"{value} is no {kind.__name__}; quote it if it is a text",
            f"{value} は {kind.__name__} ではありません。文字なら引用符で囲んでください",
        )

    def wrong(self, key: str, en: str, ja: str) -> None:
        self.source.wrong((self.name, key), en, ja)
