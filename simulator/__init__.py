"""Google Workspace on your own machine: the same clients, no account."""
