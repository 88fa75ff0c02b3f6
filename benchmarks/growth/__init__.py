"""Whether an event costs the same where there is more of everything."""
