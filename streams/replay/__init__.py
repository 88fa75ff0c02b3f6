"""`netcopilot replay`: history analysed again, with the rules of today."""
