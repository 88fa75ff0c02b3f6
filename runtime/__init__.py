"""What every process needs: settings, logging, metrics, health and lifecycle."""
