"""What the window can ask for: the whole interface between the view and the controller."""

from typing import Any, Protocol

from calibtool.scene import LensProfile


class Actions(Protocol):
    """Called by the view on the toolkit's thread. Each call ends in a new scene being shown.

    Positions are index pixels (x, y). No method raises for what a user can cause; such
    errors come back in the scene as a notice or beside the field.
    """

    def ready(self, name: str) -> bool:
        """Whether a command can go on to ask for a file, or to end the program.

        Where not, the scene that is shown meanwhile says why.
        """

    def command(self, name: str) -> None:
        """Run a command without argument, by its name in the table of commands."""

    def command_path(self, name: str, path: str) -> None:
        """Run a command that needs a file or folder, once the user has chosen it."""

    def set_field(self, key: str, text: str) -> None:
        """Take what was typed into, or chosen in, a field."""

    def set_display(self, **changes: Any) -> None:
        """Change how the image is shown (names of ``Display``)."""

    def answer(self, choice: str) -> None:
        """Press a button of the notice."""

    def click_image(self, x: float, y: float) -> None:
        """Left click on the image that hit no marker."""

    def draw_mask(self, kind: Any, numbers: tuple[float, ...]) -> None:
        """Finish a shape of the mask: its kind, and its numbers in index pixels."""

    def click_lens(self, x: float, y: float) -> None:
        """Left click in the magnifier."""

    def select_point(self, number: int | None) -> None:
        """Select a point (number from 1) or none."""

    def move_point(self, number: int, x: float, y: float) -> None:
        """Put a point elsewhere (end of a drag)."""

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selected point, or the frozen magnifier, by some pixels."""

    def open_row(self, table: str, row: int) -> None:
        """Open a row of the table ``"folder"`` or ``"series"``."""

    def describe(self, x: float, y: float, reach_px: float = 0.0) -> str:
        """Text of the status line for a position: x, y, intensity, r, d, 2θ, q, and the ring.

        A ring is named where it is no farther off than ``reach_px``.
        """

    def profile(self, x: float, y: float) -> LensProfile | None:
        """Radial profile through a position for the magnifier; cheap, no scene follows."""

    def unroll(self, *, whole: bool) -> None:
        """Ask for the unrolled image, beside the shown ring or over all; a scene follows later."""

    def copy_text(self, name: str) -> str:
        """Text for the clipboard.

        Of the result: ``"pyfai"``, ``"fit2d"``, ``"musclex"`` or ``"plain"``; else ``"versions"``.
        """
