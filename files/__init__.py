"""Files that the office wrote: read with care, and cells that no spreadsheet calculates."""
