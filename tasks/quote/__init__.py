"""Make a quote (見積書)."""

from tasks.quote.task import QuoteTask

TASK = QuoteTask()
