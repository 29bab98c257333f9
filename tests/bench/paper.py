"""Measure 5: a month's invoices through the engine, beside the same pages set by others."""

import importlib
import json
import logging
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

from effects.fonts import font_files
from kakari.demo.stack import TEMPLATES
from ledger import jobs, parties, schema, work
from ledger.database import Ledger, today
from ledger.plan import Plan, bind
from tasks.base import Look, Setting
from tasks.document.document import DocumentKind
from tasks.document.drafting import Desk
from tasks.document.issue import plan_of
from tasks.document.office import Office
from tasks.document.pages import Source
from tasks.invoice import TASK
from tests.bench.html import page_of
from tests.bench.report import Row, median
from tests.bench.setter import set_one
from tests.unit.ledger.office import approve, show_plan

AIM = 1.5
AIM_OF_TWO = 1.8
JOBS = 10
"""Plans that the documents are asked for in; a plan is one worker's, so two workers want two."""


@dataclass(frozen=True)
class Effort:
    rounds: int = 3
    documents: int = 300
    pages: int = 10
    """That WeasyPrint sets, too."""


def measure(folder: Path, effort: Effort) -> list[Row]:
    spans = [_round(folder / f"paper-{at}", effort.documents) for at in range(effort.rounds)]
    ratios = [whole / alone for whole, alone in spans]
    rates = [
        [_rate(folder / f"papers-{workers}-{at}", effort.documents, workers) for workers in (1, 2)]
        for at in range(effort.rounds)
    ]
    gains = [two / one for one, two in rates]
    one, two = (median([rate[at] for rate in rates]) for at in (0, 1))
    return [
        Row(
            f"{effort.documents} invoices: number to file, times as long as typst alone",
            _spread(ratios),
            f"≤ {AIM}",
            median(ratios) <= AIM,
            {"ratios": ratios, "seconds": spans},
        ),
        Row(
            f"  in {JOBS} plans, two workers against one",
            f"{_spread(gains)}: {two:.0f} / {one:.0f} a second",
            f"≥ {AIM_OF_TWO}",
            median(gains) >= AIM_OF_TWO,
            {"rates": rates},
        ),
        _beside_weasyprint(folder / "weasyprint", effort.pages),
    ]


def _spread(ratios: list[float]) -> str:
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def _round(folder: Path, documents: int) -> tuple[float, float]:
    """Return the seconds that the engine took, and those of typst for the same pages."""
    ledger, papers = _approved(folder, documents, 1)
    began = time.perf_counter()
    set_one(ledger, "bench")
    whole = time.perf_counter() - began
    ledger.close()
    return whole, _typst(TEMPLATES / "documents", papers)


def _rate(folder: Path, documents: int, workers: int) -> float:
    """Return the documents a second of so many worker processes, from the first to the last."""
    ledger, _ = _approved(folder, documents, JOBS)
    ledger.close()
    command = [sys.executable, "-m", "tests.bench.setter", str(_file(folder))]
    setters = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(workers)
    ]
    for setter in setters:
        assert setter.stdout
        assert setter.stdout.readline() == b"ready\n"
    began = time.perf_counter()
    for setter in setters:
        assert setter.stdin
        setter.stdin.write(b"\n")
        setter.stdin.flush()
    assert [setter.wait(600) for setter in setters] == [0] * workers
    return documents / (time.perf_counter() - began)


def _approved(folder: Path, documents: int, plans: int) -> tuple[Ledger, list[str]]:
    """Return a ledger with this many invoices approved in so many plans, and their words."""
    place = folder / "place"
    place.mkdir(parents=True)
    ledger = Ledger(f"sqlite:///{_file(folder)}")
    schema.upgrade(ledger)
    with ledger.write() as tx:
        parties.save(tx, "株式会社富士製作所", {})
    setting = Setting(place=f"disk:{place.absolute()}", templates=TEMPLATES, simulated=True)
    papers: list[str] = []
    approved = []
    for _ in range(plans):
        look = Look(setting, ledger=ledger)
        plan = _plan(look, documents // plans)
        job, _ = show_plan(ledger, plan, look.blobs)
        approved.append((job, plan, look.blobs))
    for job, plan, blobs in approved:
        approve(ledger, job, plan)
        with ledger.read() as tx:
            bindings = jobs.find(tx, job).bindings
            for step in work.steps(tx, job):
                if step.effect.kind == "document":
                    named: Any = step.effect.data["words"]
                    papers.append(bind(blobs[named["sha256"]].decode(), bindings))
    return ledger, papers


def _file(folder: Path) -> Path:
    return folder / "ledger.db"


def _plan(look: Look, documents: int) -> Plan:
    """Return a plan of so many invoices of twenty lines each."""
    lines = [
        {"text": f"作業 {at}", "quantity": str(at), "unit": "式", "price": "12000"}
        for at in range(1, 21)
    ]
    request = TASK.Request.model_validate({"party": "富士", "lines": lines})
    office = Office.read(look.setting.templates)
    desk = Desk(request, look, office, today(look.setting.zone))
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


def _beside_weasyprint(folder: Path, pages: int) -> Row:
    """Compare with an engine that sets HTML, page by page; the first page of each is not counted."""
    what = "  the same page set by WeasyPrint, times as long as by typst"
    try:
        weasyprint = importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:  # or Pango, which it needs from the system
        return Row(what, f"skipped: {str(error).splitlines()[0]}")
    if not _subsets_quickly():
        return Row(what, "skipped: no HarfBuzz of 4.1 or newer with its subset library")
    ledger, papers = _approved(folder, pages + 1, 1)
    ledger.close()
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    documents = TEMPLATES / "documents"
    _typst(documents, papers[:1])
    alone = _typst(documents, papers[1:])
    began = 0.0
    for at, paper in enumerate(papers):
        if at == 1:
            began = time.perf_counter()
        weasyprint.HTML(string=page_of(json.loads(paper))).write_pdf()
    ratio = (time.perf_counter() - began) / alone
    return Row(what, f"{ratio:.1f}", figures={"ratio": ratio})


def _subsets_quickly() -> bool:
    """Say whether WeasyPrint cuts the fonts down by HarfBuzz, as it does where that is installed.

    Else it does so in Python, which takes with these fonts thirty times as long as all the rest.
    """
    system = importlib.import_module("weasyprint.text.ffi")
    return bool(system.harfbuzz_subset) and bool(system.harfbuzz.hb_version_atleast(4, 1, 0))
