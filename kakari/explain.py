"""``kakari explain``: why somebody may do something or may not, by the rules the bot obeys."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.rules import Rules, Step
from cards.sentences import Sentence
from errors.asking import CommandUnknown
from money.amount import YEN, Money, digits
from tasks.registry import all_tasks, plain

YES = Sentence("yes", "可　")
NO = Sentence("no ", "不可")
APPROVALS = Sentence("{n} different people have to approve it.", "異なる {n} 人の承認が必要です。")
ONE_APPROVAL = Sentence("One person has to approve it.", "1 人の承認が必要です。")


@dataclass(frozen=True)
class Explanation:
    """The steps that decide about asking, and those about what comes after."""

    asking: tuple[Step, ...]
    after: tuple[Step, ...]
    approvals: int | None
    """How many people have to approve; None where nothing has to be approved."""
    counting: Step | None = None
    """By which rate the amount counts, if there is one."""

    @property
    def may_ask(self) -> bool:
        return all(step.yes for step in self.asking)

    def lines(self, locale: str) -> Iterator[str]:
        for step in (*self.asking, *self.after):
            yield f"{(YES if step.yes else NO).say(locale)} {step.say(locale)}"
        if self.counting is not None:
            yield f"    {self.counting.say(locale)}"
        if self.approvals is not None:
            sentence = ONE_APPROVAL if self.approvals == 1 else APPROVALS
            yield f"    {sentence.say(locale, n=self.approvals)}"


def explanation(
    rules: Rules,
    email: str,
    command: str,
    space: str | None,
    amount: int | None,
    currency: str = YEN,
) -> Explanation:
    """Explain what the rules say of a person and a command, such as ``/project``.

    Raises CommandUnknown and CurrencyUnknown.
    """
    name = plain(command)
    if name not in rules.askers:
        raise CommandUnknown(name=name, known=", ".join(f"/{each}" for each in rules.askers))
    asking = (*rules.talking(email, space), rules.asking(email, name))
    task = all_tasks().get(name)
    if task is None or not task.approval:
        return Explanation(asking, (), None)
    money = () if amount is None else (Money(amount * 10 ** digits(currency), currency),)
    rule = rules.approval(name, rules.counted(money))
    approving = rule.approving(email)
    own = (rule.approving_own(email),) if approving.yes else ()
    counting = rules.counting(money[0]) if money and currency != YEN else None
    return Explanation(asking, (approving, *own), rule.approvals, counting)
