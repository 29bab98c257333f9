"""The task: the schedule sheet and the ledger are brought in step."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from cards.questions import Question
from cards.sentences import Sentence
from errors.schedule import NoSchedule, SheetBusy
from ledger import schedule
from ledger.database import now, today
from ledger.models import Job
from ledger.plan import Note, Plan
from tasks.base import Look, Request, Setting, Task
from tasks.schedule import questions
from tasks.schedule.planning import Planner
from tasks.schedule.survey import Survey, look

LOOK_SECONDS = 180.0
"""How long one look has the sheet for itself."""
LISTED = 30
"""How many cells that are not understood are listed; a card is no place for thousands."""

IN_STEP = Sentence("The sheet and Kakari agree.", "予定表と Kakari の内容は一致しています。")
IMPORT = Sentence(
    "{rows} rows: {understood} understood, {open} to look at. Nothing has been changed yet.",
    "{rows} 行のうち {understood} 行を読み取りました。{open} 行は確認が必要です。まだ何も変更していません。",
)
BEFORE = Sentence(
    "{rows} rows were in the sheet before Kakari. /sync shows what would come of them.",
    "予定表に Kakari の導入前からの行が {rows} 件あります。/sync で取り込み内容を確認できます。",
)
NOT_UNDERSTOOD = Sentence(
    "Not understood, and left as they are: {cells}",
    "読み取れないセル（そのまま残します）: {cells}",
)
MORE_CELLS = Sentence(" and {n} more", " ほか {n} 件")
NAMELESS = Sentence(
    "Rows without a name, left as they are: {rows}", "件名のない行（そのまま残します）: {rows}"
)


class SyncRequest(Request):
    """There is one schedule, so a person has to say nothing."""

    imports: bool = False
    """Whether a person asks, who can let the rows in that were there before Kakari."""


class SyncTask(Task[SyncRequest]):
    name = "sync"
    command_id = 3
    title = Sentence("Schedule sheet", "予定表")
    about = Sentence("Bring the schedule sheet in step", "予定表と Kakari の内容をそろえます")
    words = ("同期", "予定表を更新")
    dialog = False
    approval = False
    Request = SyncRequest

    def parse(self, text: str, moment: datetime, setting: Setting) -> SyncRequest:
        """Raises NoSchedule."""
        if setting.schedule is None:
            raise NoSchedule
        return SyncRequest(imports=True)

    def subject(self, request: SyncRequest) -> str:
        return "Google Sheets"

    def plan(self, request: SyncRequest, look: Look) -> Plan:
        """Look at both sides; note what they agree on and what has to be asked.

        Raises NoSchedule, SheetBusy, and what a look raises.
        """
        file = look.setting.schedule
        if file is None:
            raise NoSchedule
        with look.the_ledger.write() as tx:
            look.fence(tx)
            schedule.of(tx, file.spreadsheet)
            if not schedule.alone(tx, file.spreadsheet, look.job, look.attempt, LOOK_SECONDS):
                raise SheetBusy
        try:
            survey = survey_of(look)
            remember(look, survey)
        finally:
            with look.the_ledger.write() as tx:
                schedule.let_go(tx, file.spreadsheet, look.job, look.attempt)
        return plan_of(survey, file.space, imports=request.imports)

    def questions(self, tx: Session, job: Job, locale: str) -> Sequence[Question]:
        return [questions.worded(each, locale) for each in schedule.open_questions(tx, job.id)]


def survey_of(looking: Look) -> Survey:
    """Look at the sheet of the setting."""
    file = looking.setting.schedule
    assert file is not None
    day = today(looking.setting.zone)
    return look(file, looking.google_sheets, looking.the_ledger, day)


def remember(looking: Look, survey: Survey) -> None:
    """Note what both sides agree on, and ask what has to be asked."""
    agreed = {
        key: {str(name): value for name, value in values.items()}
        for key, values in survey.agreed().items()
    }
    with looking.the_ledger.write() as tx:
        looking.fence(tx)
        schedule.of(tx, survey.spreadsheet).tab = survey.tab.id
        if survey.damage is None and not survey.imported and not survey.importing:
            schedule.imported(tx, survey.spreadsheet, now())
        schedule.agree(tx, survey.spreadsheet, agreed)
        schedule.ask(
            tx,
            survey.spreadsheet,
            questions.asked(survey),
            questions.LASTING,
            looking.job or None,
        )


def plan_of(survey: Survey, space: str, *, imports: bool) -> Plan:
    """Return what brings the two sides together; the rows from before Kakari, if it ``imports``."""
    effects = tuple(Planner(survey, space, imports=imports).effects())
    notes = []
    if survey.importing:
        notes.append(_import_note(survey) if imports else _before(survey))
    elif not effects and survey.damage is None and not questions.asked(survey):
        notes.append(Note(en=IN_STEP.en, ja=IN_STEP.ja))
    notes += _left_alone(survey)
    return Plan(
        effects=effects,
        notes=tuple(notes),
        asks=survey.importing and imports,
        headline=next((each.key for each in effects if each.kind == "sheet.row"), None),
        subject=survey.tab.title[:200],
    )


def _import_note(survey: Survey) -> Note:
    rows = survey.table.rows
    unread = {cell.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for cell in survey.table.unread}
    open_ = {row.number for row in rows if str(row.number) in unread}
    open_ |= {row.number for row in survey.nameless}
    counted = {"rows": len(rows), "open": len(open_), "understood": len(rows) - len(open_)}
    return Note(en=IMPORT.say("en", **counted), ja=IMPORT.say("ja", **counted))


def _before(survey: Survey) -> Note:
    rows = len(survey.merge.typed) + len(survey.merge.strangers)
    return Note(en=BEFORE.say("en", rows=rows), ja=BEFORE.say("ja", rows=rows))


def _left_alone(survey: Survey) -> list[Note]:
    notes = []
    cells = [f"{cell.address} “{cell.text}”" for cell in survey.table.unread]
    for sentence, some in (
        (NOT_UNDERSTOOD, cells),
        (NAMELESS, [str(row.number) for row in survey.nameless] if survey.importing else []),
    ):
        if some:
            said = {}
            for locale in ("en", "ja"):
                more = MORE_CELLS.say(locale, n=len(some) - LISTED) if len(some) > LISTED else ""
                listed = ("、" if locale == "ja" else ", ").join(some[:LISTED]) + more
                said[locale] = sentence.say(locale, cells=listed, rows=listed)
            notes.append(Note(**said))
    return notes
