"""Who may do what, and why: each decision is a step of reasoning that can be read out.

So ``kakari explain`` and the front desk cannot disagree: what one prints is what the other obeys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.addresses import folded, is_address
from bot.rates import counted
from cards.sentences import Sentence
from money.amount import Money

TALKS = Sentence("Kakari answers {email} ({route}).", "{email} さんに応答します（{route}）。")
TALKS_NOT = Sentence(
    "Kakari does not answer {email}: {place} names neither the address nor its domain.",
    "{email} さんには応答しません。{place} にこのアドレスもドメインもありません。",
)
DIRECT = Sentence(
    "A direct message is answered whatever spaces.allowed says.",
    "ダイレクト メッセージには spaces.allowed にかかわらず応答します。",
)
EVERY_SPACE = Sentence(
    "Kakari answers in {space}: spaces.allowed is empty, so every space will do.",
    "{space} で応答します。spaces.allowed が空なので、どのスペースでも使えます。",
)
THIS_SPACE = Sentence(
    "Kakari answers in {space}: spaces.allowed names it.",
    "{space} で応答します。spaces.allowed にあります。",
)
OTHER_SPACE = Sentence(
    "Kakari does not answer in {space}: spaces.allowed does not name it.",
    "{space} では応答しません。spaces.allowed にありません。",
)
ASKS = Sentence(
    "{email} may ask for /{name} ({route}).", "{email} さんは /{name} を依頼できます（{route}）。"
)
ASKS_NOT = Sentence(
    "{email} may not ask for /{name}: {place} names neither the address nor its domain.",
    "{email} さんは /{name} を依頼できません。{place} にこのアドレスもドメインもありません。",
)
APPROVES = Sentence("{email} may approve it ({route}).", "{email} さんは承認できます（{route}）。")
APPROVES_NOT = Sentence(
    "{email} may not approve it: {place} names neither the address nor its domain.",
    "{email} さんは承認できません。{place} にこのアドレスもドメインもありません。",
)
OWN = Sentence(
    "{email} may approve a request of their own, too.",
    "{email} さんは自分の依頼も承認できます。",
)
NOT_OWN = Sentence(
    "{email} may not approve a request of their own (own_request = false).",
    "{email} さんは自分の依頼を自分で承認することはできません（own_request = false）。",
)
AUDITS = Sentence(
    "{email} may see the audit of everything ({route}).",
    "{email} さんはすべての監査記録を見られます（{route}）。",
)
AUDITS_NOT = Sentence(
    "{email} may not see the audit: {place} names neither the address nor its domain.",
    "{email} さんは監査記録を見られません。{place} にこのアドレスもドメインもありません。",
)

BY_RATE = Sentence(
    "It counts as {yen} yen: one {currency} is {rate} (rates.{currency}).",
    "{yen} 円として扱います。1 {currency} は {rate} 円です（rates.{currency}）。",
)
NO_RATE = Sentence(
    "It counts as above every amount: rates has no {currency}.",
    "rates に {currency} がないため、すべての金額の基準を超えるものとして扱います。",
)


@dataclass(frozen=True)
class Step:
    """One decision, and the sentence that says it with its reason."""

    yes: bool
    sentence: Sentence
    values: Mapping[str, str] = field(default_factory=dict)

    def say(self, locale: str) -> str:
        return self.sentence.say(locale, **self.values)


@dataclass(frozen=True)
class People:
    """Those whom one list of the permissions file names."""

    place: str
    """Where the list stands, such as ``tasks.invoice.ask``."""
    routes: Mapping[str, str] = field(default_factory=dict)
    """How the list comes to an address or an ``@domain``, both folded:
    ``tasks.invoice.ask → office → @fuji.example``."""

    def route(self, email: str) -> str | None:
        """Return how the list comes to this person, or None.

        A domain is that domain alone, not those below it.
        """
        if not is_address(email):
            return None
        address = folded(email)
        return self.routes.get(address) or self.routes.get(address[address.index("@") :])

    @property
    def number(self) -> int | None:
        """How many people these are; None where a whole domain is among them."""
        whole = any(entry.startswith("@") for entry in self.routes)
        return None if whole else len(self.routes)

    def judge(self, email: str, yes: Sentence, no: Sentence, **values: str) -> Step:
        """Say ``yes`` by the route to this person, or ``no`` by the place that has none."""
        route = self.route(email)
        given = {"email": email, "place": self.place, **values}
        return Step(True, yes, given | {"route": route}) if route else Step(False, no, given)


@dataclass(frozen=True)
class ApprovalRule:
    """What a request needs before it is carried out."""

    amount: int
    """From how much on this holds, in whole units of the currency."""
    people: People
    own_request: bool
    """Whether those who may approve may approve what they asked for themselves."""
    approvals: int
    """How many different people have to approve."""

    def allows(self, email: str) -> bool:
        return self.approving(email).yes

    def approving(self, email: str) -> Step:
        return self.people.judge(email, APPROVES, APPROVES_NOT)

    def approving_own(self, email: str) -> Step:
        """Decide about a request of a person's own, who may approve others'."""
        return Step(self.own_request, OWN if self.own_request else NOT_OWN, {"email": email})


@dataclass(frozen=True)
class Rules:
    """Everything the permissions file says. Nobody may do anything that it does not say."""

    everybody: People
    """Whoever is named by any rule."""
    spaces: frozenset[str]
    """Where Kakari answers; empty: everywhere."""
    askers: Mapping[str, People]
    """By the name of a task or a query."""
    approvals: Mapping[str, tuple[ApprovalRule, ...]]
    """By the name of a task; the first one holds from nothing on."""
    auditors: People
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    """Yen for one unit of another currency, by its code."""

    @classmethod
    def of_nobody(cls, like: "Rules") -> "Rules":
        """Return the rules by which nobody may do anything of what there is."""
        nobody = People(like.everybody.place)
        nothing = (ApprovalRule(0, nobody, own_request=False, approvals=1),)
        return cls(
            everybody=nobody,
            spaces=like.spaces,
            askers=dict.fromkeys(like.askers, nobody),
            approvals=dict.fromkeys(like.approvals, nothing),
            auditors=nobody,
        )

    def talking(self, email: str, space: str | None) -> tuple[Step, Step]:
        """Decide whether Kakari answers this person at all, and in this space.

        ``space`` is None in a direct message and where there is no space.
        """
        return self.everybody.judge(email, TALKS, TALKS_NOT), self._answering(space)

    def asking(self, email: str, name: str) -> Step:
        """Decide about a task or a query. Raises KeyError if there is none of this name."""
        return self.askers[name].judge(email, ASKS, ASKS_NOT, name=name)

    def approval(self, task: str, amount: float | None) -> ApprovalRule:
        """Return what a request of this amount in yen needs, whether it is owed to us or by us."""
        reached = [rule for rule in self.approvals[task] if rule.amount <= abs(amount or 0)]
        return max(reached, key=lambda rule: rule.amount)

    def counted(self, sums: Iterable[Money]) -> float | None:
        """Return what these sums count as, in whole yen, where they decide who approves."""
        return counted(sums, self.rates)

    def counting(self, money: Money) -> Step:
        """Say by which rate money counts."""
        values = {"currency": money.currency}
        rate = self.rates.get(money.currency)
        if rate is None:
            return Step(False, NO_RATE, values)
        yen = f"{self.counted([money]):,}"
        return Step(True, BY_RATE, values | {"rate": f"{rate:f}", "yen": yen})

    def auditing(self, email: str) -> Step:
        return self.auditors.judge(email, AUDITS, AUDITS_NOT)

    def _answering(self, space: str | None) -> Step:
        if space is None:
            return Step(True, DIRECT)
        if not self.spaces:
            return Step(True, EVERY_SPACE, {"space": space})
        named = space in self.spaces
        return Step(named, THIS_SPACE if named else OTHER_SPACE, {"space": space})
