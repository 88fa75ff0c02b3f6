"""The rules of findings: one module a family, all of them listed in `catalogue`."""
