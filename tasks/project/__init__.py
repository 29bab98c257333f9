"""Make a project's folders and files from a template."""

from tasks.project.task import ProjectTask

TASK = ProjectTask()
