"""Measure 5: a month's invoices through the engine, against setting the same pages alone."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import typst

from effects.base import World
from effects.fonts import font_files
from kakari.demo.stack import TEMPLATES
from ledger import jobs, parties, schema, work
from ledger.database import Ledger
from ledger.plan import Plan, bind
from tasks.base import Look, Setting
from tasks.document.document import DocumentKind
from tasks.document.drafting import Desk
from tasks.document.issue import plan_of
from tasks.document.office import Office
from tasks.document.pages import Source
from tasks.invoice import TASK
from tests.bench.report import Row, median
from tests.unit.ledger.office import approve, claim, show_plan
from worker.applying import Applying
from worker.contents import StoredContents

AIM = 1.5


@dataclass(frozen=True)
class Effort:
    rounds: int = 3
    documents: int = 300


def measure(folder: Path, effort: Effort) -> list[Row]:
    spans = [_round(folder / f"paper-{at}", effort.documents) for at in range(effort.rounds)]
    ratios = [whole / alone for whole, alone in spans]
    rates = [effort.documents / whole for whole, _ in spans]
    return [
        Row(
            f"{effort.documents} invoices: number to file, times as long as typst alone",
            f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
            f"≤ {AIM}",
            median(ratios) <= AIM,
            {"ratios": ratios, "seconds": spans},
        ),
        Row("  documents per second, one worker", f"{median(rates):.0f}"),
    ]


def _round(folder: Path, documents: int) -> tuple[float, float]:
    """Return the seconds that the engine took, and those of typst for the same pages."""
    place = folder / "place"
    place.mkdir(parents=True)
    ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}")
    schema.upgrade(ledger)
    with ledger.write() as tx:
        parties.save(tx, "株式会社富士製作所", {})
    look = Look(
        Setting(place=f"disk:{place.absolute()}", templates=TEMPLATES, simulated=True),
        ledger=ledger,
    )
    plan = _plan(look, documents)
    job, _ = show_plan(ledger, plan, look.blobs)
    approve(ledger, job, plan)
    with ledger.read() as tx:
        bindings = jobs.find(tx, job).bindings
        steps = [step for step in work.steps(tx, job) if step.effect.kind == "document"]
    contents = StoredContents(ledger, TEMPLATES, bindings)
    world = World(job=job, contents=contents, ledger=ledger)
    began = time.perf_counter()
    Applying(ledger, claim(ledger), world, threading.Event()).run()
    whole = time.perf_counter() - began
    papers = [bind(look.blobs[s.effect.data["words"]["sha256"]].decode(), bindings) for s in steps]
    alone = _typst(TEMPLATES / "documents", papers)
    ledger.close()
    return whole, alone


def _plan(look: Look, documents: int) -> Plan:
    """Return a plan of so many invoices of twenty lines each."""
    lines = [
        {"text": f"作業 {at}", "quantity": str(at), "unit": "式", "price": "12000"}
        for at in range(1, 21)
    ]
    request = TASK.Request.model_validate({"party": "富士", "lines": lines})
    office = Office.read(look.setting.templates)
    desk = Desk(request, look, office)
    party = desk.party(Source.TYPED, "")
    bill = desk.bill(Source.TYPED, "", party, request.lines)
    return plan_of([desk.wanted(DocumentKind.INVOICE, party, bill)] * documents, look, office)


def _typst(folder: Path, papers: list[str]) -> float:
    """Set the pages with typst and nothing else; return the seconds."""
    paths = [path.rpartition("/")[0] for path in font_files()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    began = time.perf_counter()
    for paper in papers:
        compiler = typst.Compiler(root=folder, font_paths=fonts, ignore_system_fonts=True)
        compiler.compile(
            input=folder / "invoice.typ", format="pdf", timestamp=0, sys_inputs={"paper": paper}
        )
    return time.perf_counter() - began
