"""What every test may ask for; the fixtures are in `tests/fixtures/`."""

import os

from hypothesis import settings

pytest_plugins = ["tests.fixtures.postgres", "tests.fixtures.database", "tests.fixtures.browser"]

# The same examples each time where nobody watches; new ones on a developer's machine.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")
