"""`python -m tests.simulation` runs the simulation and prints its figures."""

import sys

from tests.simulation.run import main

sys.exit(main())
