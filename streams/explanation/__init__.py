"""What a model says of a fingerprint, once for all executions that share it."""
