"""What quotes, invoices and parties share. No task of its own: those stand beside it."""
