"""Bring the sheet of the register up to date."""

from tasks.register.task import RegisterTask

TASK = RegisterTask()
