"""The endpoints, a resource a file."""
