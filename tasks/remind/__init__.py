"""Say something again in the thread when its time has come."""

from tasks.remind.task import RemindTask

TASK = RemindTask()
