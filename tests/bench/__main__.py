"""Run benchmarks: all of them, or those named (``python -m tests.bench points ring``).

A benchmark is a module ``tests/bench/bench_NAME.py`` with ``run() -> list[Figure]``. Of several
each has a process of its own: Tk would keep the screen of one, which has ended, for the next.
"""

import importlib
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.figures import write_figures

HERE = Path(__file__).parent
RESULTS = HERE.parents[1] / "bench-results"


def main(names: list[str]) -> int:
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    if len(names) != 1:
        runs = [subprocess.run([sys.executable, "-m", "tests.bench", name], check=False)
                for name in names or known]
        return max(run.returncode for run in runs)
    missed = 0
    for name in names:
        start = time.perf_counter()
        figures = importlib.import_module(f"tests.bench.bench_{name}").run()
        print(f"{name} ({time.perf_counter() - start:.0f} s)")
        for figure in figures:
            print(figure.line())
        missed += sum(not figure.met for figure in figures)
        print(f"  written to {write_figures(RESULTS, name, figures)}\n", flush=True)
    print(f"{missed} goals missed" if missed else "all goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
