"""Write down whom the office trades with."""

from tasks.party.task import PartyTask

TASK = PartyTask()
