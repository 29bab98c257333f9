"""The task: a party's address and terms, as documents need them."""

from typing import Annotated

from cards.sentences import Sentence
from ledger.plan import Effect, Plan
from money.registration import registration_number
from money.terms import Shift, Terms
from tasks.base import Ask, Look, Request, Task
from tasks.document.document import Honorific
from tasks.document.fields import Short, Text, TypedRegistration, TypedTerms
from tasks.document.party import Party

KEY = "party"


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
    address: Annotated[Text, Ask(Sentence("Address", "住所"), lines=2)] = ""
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
        return Plan(effects=(Effect(key=KEY, kind="party", data=data),))
