"""What goes over the wire as JSON: the models that validate, serialise and document it."""
