"""A day of a fleet, made from recorded outputs, and what its analyses would have cost."""
