"""Stand-in for the controller: notes each call of the view."""

from typing import Any

from calibtool.scene import LensProfile


class Recorder:
    """Each call is appended to ``calls`` as (name, arguments)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.lens_profile: LensProfile | None = None

    def named(self, name: str) -> list[tuple[Any, ...]]:
        return [arguments for called, arguments in self.calls if called == name]

    def profile(self, x: float, y: float) -> LensProfile | None:
        self.calls.append(("profile", (x, y)))
        return self.lens_profile

    def describe(self, x: float, y: float, reach_px: float = 0.0) -> str:
        self.calls.append(("describe", (x, y)))
        return f"x {x:.2f}  y {y:.2f}"

    def ready(self, name: str) -> bool:
        return True

    def copy_text(self, name: str) -> str:
        self.calls.append(("copy_text", (name,)))
        return name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def note(*arguments: Any, **changes: Any) -> None:
            self.calls.append((name, arguments or tuple(sorted(changes.items()))))

        return note
