"""A measured figure beside its limit and its peer, and how it is printed and kept."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One number of a benchmark.

    ``limit`` is the largest value allowed (the smallest where ``at_least``), None where the
    figure is for information. ``peer`` is the same number for the program or floor named in
    ``peer_name``, measured in the same run.
    """

    name: str
    value: float
    unit: str = ""
    limit: float | None = None
    at_least: bool = False
    peer: float | None = None
    peer_name: str = ""

    @property
    def met(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        sign = "≥" if self.at_least else "≤"
        goal = "" if self.limit is None else f"goal {sign} {self.limit:g}"
        mark = "" if self.limit is None else ("ok" if self.met else "MISSED")
        peer = "" if self.peer is None else f"{self.peer_name}: {self.peer:.4g}"
        return f"  {self.name:<58} {self.value:>10.4g} {self.unit:<9} {goal:<12} {mark:<7} {peer}"


def write_figures(folder: Path, name: str, figures: list[Figure]) -> Path:
    """Write the figures of one benchmark as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    rows = [asdict(figure) | {"met": figure.met} for figure in figures]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
