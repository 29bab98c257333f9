"""Short ways to say what the ledger's tests begin with."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from ledger import approvals, jobs, leases
from ledger.approvals import Decision
from ledger.database import Ledger, new_id
from ledger.jobs import Asked
from ledger.leases import Lease
from ledger.plan import Effect, Plan, Slot

TOKYO = ZoneInfo("Asia/Tokyo")
NUMBER = Slot(name="number", series="project", pattern="P-{year}-{number:04}")
ALICE, BOB = "users/1", "users/2"


def asked(**changes: object) -> Asked:
    """Alice's request for a project."""
    given = {
        "id": new_id(),
        "task": "project",
        "request": {"name": "鈴木邸"},
        "subject": "鈴木邸",
        "asker": ALICE,
        "asker_name": "Alice",
        "locale": "ja",
        "space": "spaces/AAA",
        "thread": "spaces/AAA/threads/T",
        "form": None,
    }
    return Asked(**given | changes)  # type: ignore[arg-type]


def two_folders() -> Plan:
    """A plan of a folder that bears a number, and one in it."""
    return Plan(
        effects=(
            Effect(key="/", kind="drive.folder", data=folder("r", f"{NUMBER.mark} 鈴木邸", "p")),
            Effect(key="/図面", kind="drive.folder", data=folder("d", "図面", "r"), after=("/",)),
        ),
        slots=(NUMBER,),
        headline="/",
    )


def folder(file_id: str, name: str, parent: str) -> dict[str, object]:
    return {"id": file_id, "name": name, "parent": parent}


def ask(ledger: Ledger, **changes: object) -> str:
    request = asked(**changes)
    with ledger.write() as tx:
        assert jobs.ask(tx, request)
    return request.id


def claim(ledger: Ledger, owner: str = "worker", seconds: float = 30) -> Lease:
    with ledger.write() as tx:
        claimed = leases.claim(tx, owner, seconds)
    assert claimed is not None
    return claimed[0]


def show_plan(
    ledger: Ledger, plan: Plan | None = None, rendered: Mapping[str, bytes] | None = None
) -> tuple[str, Plan]:
    """Ask for a job and plan it; it waits for approval then."""
    job = ask(ledger)
    plan = plan or two_folders()
    lease = claim(ledger)
    assert lease.job == job, "another job was waiting for a worker"
    with ledger.write() as tx:
        jobs.planned(tx, lease, plan, rendered or {}, approval=True)
    return job, plan


def decision(job: str, plan: Plan, who: str = "Alice") -> Decision:
    return Decision(job, plan.hash, f"users/{who}", who)


def approve(ledger: Ledger, job: str, plan: Plan, who: str = "Alice") -> None:
    with ledger.write() as tx:
        approvals.approve(tx, decision(job, plan, who), TOKYO)
