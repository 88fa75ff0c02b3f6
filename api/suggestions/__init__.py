"""What to type next: from what people did next, from what a model said, or from a short list of old friends."""
