"""Take the parties over from the sheet in which the office keeps them."""

from tasks.parties.task import PartiesTask

TASK = PartiesTask()
