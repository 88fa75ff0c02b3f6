"""What people typed after what: pairs the commands of a sitting, for suggestions."""
