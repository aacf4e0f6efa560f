"""``python -m soloneuron``."""

import sys

from soloneuron.cli import main

sys.exit(main())
