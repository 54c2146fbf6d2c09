"""What commands print: rows of verdicts, tables of figures."""
