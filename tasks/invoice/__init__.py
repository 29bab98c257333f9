"""Make invoices, delivery notes, return invoices and corrections."""

from tasks.invoice.task import InvoiceTask

TASK = InvoiceTask()
