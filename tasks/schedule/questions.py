"""What about the schedule only a person can decide, and what each answer means.

An answer changes only what Kakari knows; the next sync does the rest. So a sheet that has changed
once more meanwhile is compared again, and nothing is written that nobody has seen.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from cards.questions import Choice, Question
from cards.sentences import Sentence
from errors.asking import AskingError
from ledger import projects, schedule
from ledger.schedule import Asked, ScheduleQuestion
from tasks.schedule.damage import Damage, Harm
from tasks.schedule.fields import LABELS, Field, shown

if TYPE_CHECKING:
    from tasks.schedule.survey import Survey

CONFLICT, DELETED, TYPED, STRANGER, DAMAGE = "conflict", "deleted", "typed", "stranger", "damage"
GONE = "gone"
"""Damage of which all keys are answered for at once."""
SHEET, LEDGER, BACK, LET_GO, LEAVE, TAKE, ACCEPT, RESTORE = (
    "sheet",
    "ledger",
    "back",
    "let_go",
    "leave",
    "take",
    "accept",
    "restore",
)
ALLOWED = {
    CONFLICT: (SHEET, LEDGER),
    DELETED: (BACK, LET_GO),
    GONE: (BACK, LET_GO),
    TYPED: (LEAVE,),
    STRANGER: (TAKE, LEAVE),
    DAMAGE: (ACCEPT, RESTORE),
}
LASTING = (LEAVE, ACCEPT, RESTORE)
"""Answers that hold as long as the question would be the same."""

EMPTY = Sentence("(empty)", "（空欄）")
BOTH_CHANGED = Sentence(
    "{key}: {field} was changed on both sides. Sheet: {sheet} · Kakari: {ledger}",
    "{key}: {field}が両方で変更されています。予定表「{sheet}」・Kakari「{ledger}」",
)
USE_SHEET = Sentence("Sheet: {value}", "予定表の値: {value}")
USE_LEDGER = Sentence("Kakari: {value}", "Kakari の値: {value}")
ROW_GONE = Sentence(
    "{key} {name}: its row is no longer in the sheet.",
    "{key} {name}: 予定表から行がなくなっています。",
)
PUT_BACK = Sentence("Put the row back", "行を戻す")
MEANT_GONE = Sentence("It was deleted on purpose", "意図して削除した")
TYPED_ROW = Sentence(
    "Row {row}, {customer} {name}, was typed by hand. Shall it become a project?",
    "{row} 行目の「{customer} {name}」は手入力の行です。案件として作成しますか？",
)
MAKE = Sentence("Make the project", "案件を作成")
LEAVE_IT = Sentence("Leave it", "そのままにする")
UNKNOWN_KEY = Sentence(
    "Row {row}: {key} {name} is in the sheet, and Kakari does not know it.",
    "{row} 行目: {key} {name} は予定表にありますが、Kakari には登録されていません。",
)
TAKE_IN = Sentence("Take it in", "登録する")
HARMS = {
    Harm.MOVED: Sentence(
        "It looks as if a part of the table was sorted or moved without its key column"
        " ({keys}). Nothing was carried over.",
        "番号の列を除いて並べ替えや移動をされたようです（{keys}）。何も反映していません。",
    ),
    Harm.TWICE: Sentence(
        "It looks as if rows were copied with their keys ({keys}). Nothing was carried over.",
        "番号ごと行がコピーされたようです（{keys}）。何も反映していません。",
    ),
    Harm.GONE: Sentence(
        "{n} of the rows are no longer in the sheet. Nothing was carried over.",
        "予定表から {n} 件の行がなくなっています。何も反映していません。",
    ),
}
KEYS_BACK = Sentence("Put the keys back", "番号を元の行に戻す")
AS_MEANT = Sentence("It is meant like this", "このままでよい")
ROWS_BACK = Sentence("Put the rows back", "行を戻す")
ALL_MEANT = Sentence("All of them may go", "すべて削除でよい")
NAMED = 5
"""How many keys a question names."""


def asked(survey: "Survey") -> list[Asked]:
    """Return the questions that a look has found, those about the whole table first."""
    return list(_asked(survey))


def question_id(spreadsheet: str, *said: object) -> str:
    text = json.dumps([spreadsheet, *said], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def damage_id(spreadsheet: str, damage: Damage) -> str:
    return question_id(spreadsheet, DAMAGE, damage.fingerprint)


def _asked(survey: "Survey") -> Iterator[Asked]:
    sheet = survey.spreadsheet
    damage = survey.damage
    if damage is not None:
        about = {
            "harm": damage.harm,
            "keys": list(damage.keys),
            "repairable": bool(damage.repairs),
        }
        yield Asked(damage_id(sheet, damage), DAMAGE, "", about)
        return
    found = survey.merge
    for conflict in found.conflicts:
        sides = [conflict.field, conflict.sheet, conflict.ledger]
        about = dict(zip(("field", "sheet", "ledger"), sides, strict=True))
        yield Asked(
            question_id(sheet, CONFLICT, conflict.key, *sides), CONFLICT, conflict.key, about
        )
    for key in found.deleted:
        about = {"name": survey.ledger[key].get(Field.NAME, "")}
        yield Asked(question_id(sheet, DELETED, key), DELETED, key, about)
    if survey.importing:
        return
    for kind, rows in ((TYPED, found.typed), (STRANGER, found.strangers)):
        for row in rows:
            about = {"row": row.number, "values": dict(row.values)}
            what = [row.key, row.values.get(Field.CUSTOMER), row.values.get(Field.NAME)]
            yield Asked(question_id(sheet, kind, *what), kind, row.key, about)


def worded(question: ScheduleQuestion, locale: str) -> Question:
    """Return a question in words, with a button for each answer."""
    about, key = question.about, question.key

    def choice(label: Sentence, answer: str, value: str = "") -> Choice:
        said = label.say(locale, value=shown(value) or EMPTY.say(locale))
        return Choice(said, "answer", {"question": question.id, "answer": answer})

    match question.kind:
        case "conflict":
            sheet, ours = about["sheet"], about["ledger"]
            said = BOTH_CHANGED.say(
                locale,
                key=key,
                field=LABELS[Field(about["field"])].say(locale),
                sheet=shown(sheet) or EMPTY.say(locale),
                ledger=shown(ours) or EMPTY.say(locale),
            )
            choices = [choice(USE_SHEET, SHEET, sheet), choice(USE_LEDGER, LEDGER, ours)]
        case "deleted":
            said = ROW_GONE.say(locale, key=key, name=shown(about["name"]))
            choices = [choice(PUT_BACK, BACK), choice(MEANT_GONE, LET_GO)]
        case "typed":
            values = about["values"]
            name, customer = values.get("name", ""), values.get("customer", "")
            said = TYPED_ROW.say(
                locale, row=about["row"], customer=shown(customer), name=shown(name)
            )
            given = {"task": "project", "text": name[:200], "customer": customer[:200]}
            make = Choice(MAKE.say(locale), "ask", given, opens_dialog=True)
            choices = [make, choice(LEAVE_IT, LEAVE)]
        case "stranger":
            name = about["values"].get("name", "")
            said = UNKNOWN_KEY.say(locale, row=about["row"], key=key, name=shown(name))
            choices = [choice(TAKE_IN, TAKE), choice(LEAVE_IT, LEAVE)]
        case _:
            said, choices = _damage(question, choice, locale)
    return Question(said, tuple(choices))


def _damage(
    question: ScheduleQuestion, choice: Callable[[Sentence, str], Choice], locale: str
) -> tuple[str, list[Choice]]:
    harm, keys = Harm(question.about["harm"]), question.about["keys"]
    some = ", ".join(keys[:NAMED])
    named = some if len(keys) <= NAMED else f"{some} +{len(keys) - NAMED}"
    said = HARMS[harm].say(locale, keys=named, n=len(keys))
    if harm is Harm.GONE:
        return said, [choice(ROWS_BACK, BACK), choice(ALL_MEANT, LET_GO)]
    choices = [choice(KEYS_BACK, RESTORE)] if question.about["repairable"] else []
    if harm is Harm.MOVED:
        choices.append(choice(AS_MEANT, ACCEPT))
    return said, choices


def decide(tx: Session, question_id: str, answer: str, person: str, space: str) -> None:
    """Take an answer and let the next sync act on it.

    Raises AnsweredBefore, and AskingError where this is no answer to that question.
    """
    question = schedule.open_question(tx, question_id)
    kind = GONE if question.about.get("harm") == Harm.GONE else question.kind
    if answer not in ALLOWED[kind]:
        raise AskingError
    schedule.answer(tx, question_id, answer, person)
    sheet, key, about = question.spreadsheet, question.key, question.about
    match kind, answer:
        case "conflict", "sheet":
            name = about["field"]
            projects.change(tx, key, {name: (about["ledger"], about["sheet"])})
        case "conflict", "ledger":
            # The sheet's value has been seen and is not wanted: so it counts as agreed on.
            schedule.agree(tx, sheet, {key: {about["field"]: about["sheet"]}})
        case "deleted" | "gone", _:
            keys = about["keys"] if kind == GONE else [key]
            schedule.forget(tx, sheet, keys)
            if answer == LET_GO:
                projects.unschedule(tx, keys)
        case "stranger", "take":
            projects.add(tx, key, None, space, about["values"])
    schedule.look_soon(tx)
