"""What workers remember: analyses by output, explanations by fingerprint, in memory and in Redis."""
