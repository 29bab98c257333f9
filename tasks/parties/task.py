"""The task: the parties of a sheet are written into the ledger, those that are new or changed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from cards.sentences import Sentence
from effects.party import PartyData
from errors import KakariError
from errors.listing import NamedTwice, NoPartySheet
from ledger import parties
from ledger.plan import Effect, Note, Plan
from tasks.base import Look, Request, Setting, Task
from tasks.document.listing import ListedRow, Listing
from tasks.document.party import Party
from tasks.parties.rows import Unclear, name_of, party_of, told

LISTED = 30
"""How many cells that are not understood are listed; a card is no place for thousands."""

COUNTED = Sentence(
    "{rows} rows: {new} new, {changed} changed, {same} as they were, {open} to look at.",
    "{rows} 行: 新規 {new} 件・変更 {changed} 件・変更なし {same} 件・要確認 {open} 件",
)
UNCLEAR = Sentence(
    "These rows are left alone; correct them in the sheet and ask again:",
    "次の行は取り込みません。シートを修正し、もう一度依頼してください。",
)
MORE = Sentence("and {n} more", "ほか {n} 件")


class PartiesRequest(Request):
    """There is one sheet of parties, so a person has to say nothing."""


class PartiesTask(Task[PartiesRequest]):
    name = "parties"
    command_id = 24
    title = Sentence("Parties from the sheet", "取引先の取り込み")
    about = Sentence(
        "Take customers over from their sheet", "取引先一覧のシートから取引先を取り込みます"
    )
    words = ("取引先一覧", "取引先取込")
    dialog = False
    approval = False  # where there is nothing to take over; else the plan asks for one
    Request = PartiesRequest

    def parse(self, text: str, moment: datetime, setting: Setting) -> PartiesRequest:
        """Raises NoPartySheet."""
        if setting.document_sheets.parties is None:
            raise NoPartySheet
        return PartiesRequest()

    def subject(self, request: PartiesRequest) -> str:
        return "Google Sheets"

    def plan(self, request: PartiesRequest, look: Look) -> Plan:
        """Return what takes over each party that is new or changed.

        Raises NoPartySheet, and as ``Listing.read`` does.
        """
        place = look.setting.document_sheets.parties
        if place is None:
            raise NoPartySheet
        survey = Survey(Listing.read(place, look.google_sheets), look)
        effects = tuple(survey.effects)
        return Plan(effects=effects, notes=tuple(survey.notes()), asks=bool(effects))


class Survey:
    """What the rows come to beside the parties that there are."""

    def __init__(self, listing: Listing, look: Look) -> None:
        self.listing = listing
        self.effects: list[Effect] = []
        self.unclear: list[Unclear] = []
        self.new = self.changed = self.same = 0
        with look.the_ledger.read() as tx:
            self.known = {parties.plain(row.name): row for row in parties.every(tx)}
        for name, rows in self._by_name().items():
            if len(rows) > 1:
                at = "、".join(str(row.number) for row in rows)
                twice = NamedTwice(name=name_of(rows[0]), rows=at)
                self.unclear += [Unclear(row.address("name"), twice) for row in rows]
            else:
                self._take(name, rows[0])

    def notes(self) -> Iterator[Note]:
        """Yield how many there are of each, and what was not understood."""
        open_ = len({each.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for each in self.unclear})
        counted = {
            "rows": len(self.listing.rows),
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "open": open_,
        }
        yield Note(en=COUNTED.say("en", **counted), ja=COUNTED.say("ja", **counted))
        if self.unclear:
            en, ja = ("\n".join(self._listed(locale)) for locale in ("en", "ja"))
            yield Note(en=en, ja=ja)

    def _listed(self, locale: str) -> Iterator[str]:
        yield UNCLEAR.say(locale)
        for each in self.unclear[:LISTED]:
            yield each.say(locale)
        if len(self.unclear) > LISTED:
            yield MORE.say(locale, n=len(self.unclear) - LISTED)

    def _by_name(self) -> dict[str, Sequence[ListedRow]]:
        rows: defaultdict[str, list[ListedRow]] = defaultdict(list)
        for row in self.listing.rows:
            try:
                rows[parties.plain(name_of(row))].append(row)
            except KakariError as error:
                self.unclear.append(Unclear(row.address("name"), error))
        return dict(rows)

    def _take(self, name: str, row: ListedRow) -> None:
        before = self.known.get(name)
        was = Party.of(before) if before else None
        # Who is known keeps the name that stands on their documents: ㈱ is 株式会社.
        found = party_of(row, before.name if before else name_of(row), was)
        if isinstance(found, list):
            self.unclear += found
        elif found == was:
            self.same += 1
        else:
            self.new += was is None
            self.changed += was is not None
            data = PartyData(
                name=found.name,
                details=found.details(),
                was=before.details if before else {},
                shown=told(was, found, self.listing.headers),
            )
            body = data.model_dump(mode="json")
            self.effects.append(Effect(key=f"party:{row.number}", kind="party", data=body))
