"""Google Drive: the tree of files, its query language, and the API methods on it."""
