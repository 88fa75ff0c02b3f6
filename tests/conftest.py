"""What every test can ask for: the services (see `tests/services/fixtures.py`)."""

pytest_plugins = ["tests.services.fixtures"]
