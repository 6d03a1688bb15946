"""Whole patterns: accuracy beside the bound and pyFAI, time, random scenes, invariance.

All of it takes half an hour and more on two cores; ``QUICK=1`` about a sixth, and
``PARTS="gauntlet speed"`` only some (accuracy, faults, peers, speed, gauntlet, invariance).
"""

import os
from collections.abc import Callable

from tests.bench.figures import Figure
from tests.bench.pattern import accuracy, gauntlet, invariance, peers, speed

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "accuracy": lambda: accuracy.run("clean"),
    "faults": lambda: accuracy.run("spoilt"),
    "peers": peers.run,
    "speed": speed.run,
    "gauntlet": gauntlet.run,
    "invariance": invariance.run,
}


def run() -> list[Figure]:
    """All parts, or those named in PARTS."""
    wanted = os.environ.get("PARTS", "").split() or list(PARTS)
    return [figure for name in wanted for figure in PARTS[name]()]
