"""Mutants: real outputs, changed in one way that is known to keep or to change what must be said of them."""
