"""Google Chat: what the spaces hold, and the API methods that read and write it."""
