"""Bad messages among good ones, through the worker and the sink, and an account of each."""
