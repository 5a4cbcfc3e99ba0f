"""`python -m powerup.cli`: the same as `closeloop`."""

import sys

from powerup.cli import main

sys.exit(main())
