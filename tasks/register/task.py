"""The task: the register's sheet gets the rows it lacks, and its states are put right."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from cards.sentences import Sentence
from errors.listing import NoRegister
from ledger import documents, work
from ledger.documents import DocumentState, Found, Search
from ledger.plan import Effect, Note, Plan
from tasks.base import Look, Request, Setting, Task
from tasks.document.listing import ListedRow
from tasks.document.register import NUMBER, Register

MOST = 100_000
"""Documents that are compared; an office issues fewer in the years that the law has them kept."""

AGREES = Sentence(
    "The register’s sheet has every document.", "取引台帳にはすべての書類が記入されています。"
)
TWICE = Sentence(
    "More than one row, left as they are: {numbers}. Please delete what is too much.",
    "同じ番号の行が複数あります（そのまま残します）: {numbers}。余分な行を削除してください。",
)


class RegisterRequest(Request):
    """There is one register, so a person has to say nothing."""


class RegisterTask(Task[RegisterRequest]):
    name = "register"
    command_id = 25
    title = Sentence("Register", "取引台帳")
    about = Sentence(
        "Bring the register’s sheet up to date", "取引台帳のシートを最新の状態にします"
    )
    words = ("台帳", "取引台帳")
    dialog = False
    approval = False  # where nothing is to be done; else the plan asks for one
    Request = RegisterRequest

    def parse(self, text: str, moment: datetime, setting: Setting) -> RegisterRequest:
        """Raises NoRegister."""
        if setting.document_sheets.documents is None:
            raise NoRegister
        return RegisterRequest()

    def subject(self, request: RegisterRequest) -> str:
        return "Google Sheets"

    def plan(self, request: RegisterRequest, look: Look) -> Plan:
        """Return the rows that are missing, and the states that are no longer so.

        Raises NoRegister, and as ``Register.open`` does.
        """
        register = Register.open(look)
        if register is None:
            raise NoRegister
        rows: defaultdict[str, list[ListedRow]] = defaultdict(list)
        for row in register.listing.rows:
            rows[row.text(NUMBER) or ""].append(row)
        with look.the_ledger.read() as tx:
            known = documents.search(tx, Search(), MOST)
            # A number that was given out and never used is in the register, too: as void.
            given = [found for found in known if found.state is not DocumentState.ISSUING]
            given.sort(key=lambda found: (found.row.issued, found.row.number))
            effects = tuple(_effects(tx, register, rows, given))
        twice = [found.row.number for found in given if len(rows[found.row.number]) > 1]
        notes = tuple(_notes(twice, any_=bool(effects)))
        return Plan(effects=effects, notes=notes, asks=bool(effects))


def _effects(
    tx: Session, register: Register, rows: Mapping[str, list[ListedRow]], given: Iterable[Found]
) -> Iterator[Effect]:
    files: dict[str, dict[str, str]] = {}
    for found in given:
        of, void = found.row, found.state is DocumentState.VOID
        there = rows.get(of.number, [])
        if not there:
            if of.job_id not in files:
                files[of.job_id] = _files(tx, of.job_id)
            yield register.missing(of, files[of.job_id].get(of.number, ""), void=void)
        elif len(there) == 1 and (put_right := register.corrected(there[0], of, void=void)):
            yield put_right


def _files(tx: Session, job: str) -> dict[str, str]:
    """Return where people find the PDFs of a job's documents, by number."""
    steps = {step.effect.key: step for step in work.steps(tx, job)}
    found = {}
    for key, step in steps.items():
        if step.effect.kind == "document" and (upload := steps.get(f"{key}/pdf")):
            data = upload.effect.data
            path = f"{data['root']}/{data['path']}" if "root" in data else ""
            number = str(step.effect.data["number"])
            found[number] = work.link(tx, job, upload.effect.key) or path
    return found


def _notes(twice: list[str], *, any_: bool) -> Iterator[Note]:
    if twice:
        said = {"numbers": ", ".join(twice)}
        yield Note(en=TWICE.say("en", **said), ja=TWICE.say("ja", **said))
    elif not any_:
        yield Note(en=AGREES.en, ja=AGREES.ja)
