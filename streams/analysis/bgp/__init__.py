"""Reading BGP neighbours out of any output that lists them: tables, JSON, text."""
