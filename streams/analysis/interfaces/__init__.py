"""Reading interfaces out of any output that lists them: tables, JSON, text."""
