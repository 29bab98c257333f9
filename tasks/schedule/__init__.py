"""Keep the schedule sheet and the ledger in step."""

from tasks.schedule.task import SyncTask

TASK = SyncTask()
