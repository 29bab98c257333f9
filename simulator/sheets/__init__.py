"""Google Sheets: grids of cells, what people and programs enter into them, and the API on it."""
