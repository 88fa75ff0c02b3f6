"""The device agent's side: run or watch commands, redact what they say, publish it or spool it to disk."""
