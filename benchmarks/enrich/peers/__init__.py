"""Programs that do a worker's work the way their frameworks' manuals teach it, each a process of its own."""
