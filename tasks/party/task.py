"""The task: a party's address and terms, as documents need them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Annotated

from sqlalchemy.orm import Session

from cards.sentences import Sentence
from errors.document import PartyUnclear, PartyUnknown
from ledger import parties
from ledger.plan import Effect, Note, Plan
from money.registration import registration_number
from money.terms import Shift, Terms
from tasks.base import Answers, Ask, Look, Request, Task
from tasks.document.document import Honorific
from tasks.document.fields import Long, Short, Text, TypedRegistration, TypedTerms
from tasks.document.party import Party

KEY = "party"
NEW = Sentence("A new party.", "新しい取引先として登録しました。")
SAME = Sentence("Nothing has changed.", "登録済みの内容から変更はありません。")
NONE = Sentence("none", "なし")


class PartyRequest(Request):
    name: Annotated[Text, Ask(Sentence("Name", "取引先名"))]
    honorific: Annotated[
        Honorific,
        Ask(
            Sentence("It is", "敬称"),
            choices=(
                (Honorific.FIRM, Sentence("a firm", "御中（会社・団体）")),
                (Honorific.PERSON, Sentence("a person", "様（個人）")),
            ),
        ),
    ] = Honorific.FIRM
    postal: Annotated[Short, Ask(Sentence("Postal code", "郵便番号"))] = ""
    address: Annotated[Long, Ask(Sentence("Address", "住所"), lines=2)] = ""
    person: Annotated[Short, Ask(Sentence("Person in charge", "部署・ご担当者"))] = ""
    terms: Annotated[
        TypedTerms,
        Ask(
            Sentence("Terms of payment", "支払条件"),
            Sentence("such as “20日締め翌月10日払い”", "例: 20日締め翌月10日払い"),
        ),
    ] = "月末締め翌月末払い"
    shift: Annotated[
        Shift,
        Ask(
            Sentence("Where banks are closed that day", "支払日が銀行休業日のとき"),
            choices=(
                (Shift.LATER, Sentence("the next open day", "翌営業日")),
                (Shift.EARLIER, Sentence("the last open day", "前営業日")),
                (Shift.AS_IS, Sentence("the day itself", "そのままの日")),
            ),
        ),
    ] = Shift.LATER
    registration: Annotated[
        TypedRegistration, Ask(Sentence("Registration number", "登録番号（T + 13 桁）"))
    ] = ""


class PartyTask(Task[PartyRequest]):
    name = "party"
    command_id = 21
    title = Sentence("Party", "取引先")
    about = Sentence("Add or change a customer", "取引先の住所や支払条件を登録・変更します")
    words = ("取引先", "得意先")
    approval = False
    Request = PartyRequest

    def subject(self, request: PartyRequest) -> str:
        return request.name

    def recall(self, tx: Session, pages: Sequence[Answers], given: Answers) -> Answers:
        """Return the party as it is, so that it can be changed."""
        with suppress(PartyUnknown, PartyUnclear):
            return _page(Party.of(parties.named(tx, str(given.get("name", "")))))
        return {}

    def plan(self, request: PartyRequest, look: Look) -> Plan:
        party = Party(
            name=" ".join(request.name.split()),
            honorific=request.honorific,
            postal=request.postal.removeprefix("〒"),
            address=tuple(filter(None, map(str.strip, request.address.splitlines()))),
            person=request.person,
            terms=Terms.parse(request.terms, request.shift),
            registration=registration_number(request.registration)
            if request.registration
            else None,
        )
        data = {"name": party.name, "details": party.details()}
        return Plan(
            effects=(Effect(key=KEY, kind="party", data=data),), notes=(_told(party, look),)
        )


def _page(party: Party) -> Answers:
    """Return the form as it would be filled in for the party."""
    return {
        "name": party.name,
        "honorific": party.honorific,
        "postal": party.postal,
        "address": "\n".join(party.address),
        "person": party.person,
        "terms": party.terms.say("ja"),
        "shift": party.terms.shift,
        "registration": party.registration or "",
    }


def _told(party: Party, look: Look) -> Note:
    """Say what changes, or that the party is new."""
    with look.the_ledger.read() as tx:
        row = next((row for row in parties.every(tx) if row.name == party.name), None)
    if row is None:
        return Note(en=NEW.en, ja=NEW.ja)
    was = Party.of(row)
    en, ja = ("\n".join(_changes(was, party, locale)) for locale in ("en", "ja"))
    return Note(en=en or SAME.en, ja=ja or SAME.ja)


def _changes(was: Party, now: Party, locale: str) -> Iterator[str]:
    before, after = _page(was), _page(now)
    for name, info in PartyRequest.model_fields.items():
        if before[name] != after[name]:
            (ask,) = (each for each in info.metadata if isinstance(each, Ask))
            words = {value: label.say(locale) for value, label in ask.choices}
            words[""] = NONE.say(locale)
            old, new = (words.get(page[name], page[name]) for page in (before, after))
            yield f"{ask.label.say(locale)}: {old} → {new}"
