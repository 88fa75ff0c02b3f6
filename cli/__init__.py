"""The `netcopilot` command and the local stack that starts everything on one machine."""
