"""Everything inside the window: tool bar, image, drawer, column, status line."""

import tkinter as tk
from collections.abc import Callable, Mapping
from tkinter import ttk
from typing import Any

from calibtool.scene import Scene
from calibtool.view.aiming import Aim
from calibtool.view.context import Context
from calibtool.view.convergence_panel import ConvergencePanel
from calibtool.view.drawer import Drawer
from calibtool.view.field_row import FieldRow
from calibtool.view.folder_panel import FolderPanel, SeriesPanel
from calibtool.view.help_window import show_about, show_help
from calibtool.view.manual import NEWS, NOT_HERE, open_page, page_about
from calibtool.view.points_panel import PointsPanel
from calibtool.view.shell import column_width
from calibtool.view.side_column import SideColumn
from calibtool.view.stage import Stage
from calibtool.view.status_bar import StatusBar
from calibtool.view.tool_bar import ToolBar
from calibtool.view.unrolled_panel import UnrolledPanel

# So near, in px at 96 dpi, the pointer is on a ring.
ON_RING = 5


class Workspace(ttk.Frame):
    """The image takes all that tool bar, column, drawer and status line leave."""

    def __init__(
        self, parent: tk.Misc, context: Context, open_path: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._scene = Scene()
        self._at: tuple[float | None, float | None] = None, None
        theme = context.theme
        context.icons.set_window_icon()
        self.tool_bar = ToolBar(self, context)
        self.tool_bar.grid(row=0, column=0, columnspan=3, sticky="ew")
        self._line(height=1).grid(row=1, column=0, columnspan=3, sticky="ew")
        self.stage = Stage(
            self, context, open_path, on_image=self._describe, on_lens=self._describe
        )
        self.stage.grid(row=2, column=0, sticky="nsew")
        self.image, self.lens = self.stage.image, self.stage.lens
        self.guide, self.welcome = self.stage.guide, self.stage.welcome
        self.aim = Aim(self.image, context.actions, theme.scale)
        self.drawer = Drawer(self, theme, self._shared_height)
        self.drawer.grid(row=3, column=0, sticky="ew")
        self._fill_drawer()
        self._line(width=1).grid(row=2, column=1, rowspan=2, sticky="ns")
        self.side = SideColumn(self, context)
        self.side.grid(row=2, column=2, rowspan=2, sticky="nsew")
        self._line(height=1).grid(row=4, column=0, columnspan=3, sticky="ew")
        self.status = StatusBar(self, context)
        self.status.grid(row=5, column=0, columnspan=3, sticky="ew")
        self.rowconfigure(2, weight=1)
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", lambda event: self._arrange(event.width))

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        before, self._scene = self._scene, scene
        for part in (
            self.tool_bar, self.points, self.unrolled, self.convergence, self.folder, self.series,
            self.side, self.status,
        ):
            part.show(scene)
        self._show_drawer(before, scene)
        self.stage.show(scene)
        # Centre, scale or the way of counting may be others now.
        self._describe(*self._at)

    def commit(self) -> None:
        """Hand on a value that is still being typed."""
        # The focus may have moved on already, before its events have been seen.
        for row in self.rows.values():
            row.commit()

    @property
    def rows(self) -> dict[str, FieldRow]:
        """All inputs by key."""
        return {**self.side.rows, **self.folder.rows}

    @property
    def layout(self) -> dict[str, float | None]:
        """What the user made of the lengths, in px at 96 dpi, to be remembered."""
        return {"drawer": self.drawer.height, "magnifier": self.lens.side}

    def take_layout(self, kept: Mapping[str, Any]) -> None:
        """Take remembered lengths, as far as they are some."""
        lengths = {
            name: float(length) for name, length in kept.items()
            if isinstance(length, int | float) and not isinstance(length, bool)
        }
        self.drawer.height = lengths.get("drawer")
        self.lens.side = lengths.get("magnifier")

    def local(self, name: str, scene: Scene) -> None:
        """Do a command of the view itself."""
        if name.startswith("copy_"):
            self._copy(name.removeprefix("copy_"))
        elif name in ("next_point", "previous_point"):
            self._step_point(scene, 1 if name == "next_point" else -1)
        elif name.startswith("zoom_"):
            getattr(self.image, name)()
        elif name.startswith("lens_"):
            getattr(self.lens, name.replace("lens", "zoom"))()
        else:
            others: dict[str, Callable[[], object]] = {
                "place": lambda: self.aim.press(scene),
                "next_place": lambda: self._go_on(scene),
                "drawer": self.drawer.toggle,
                "unrolled": lambda: self.drawer.press(self.unrolled),
                "magnifier": self.stage.toggle_lens,
                "manual": lambda: self._open_manual(page_about(scene, self.drawer.title)),
                "news": lambda: self._open_manual(NEWS),
                "help": lambda: show_help(self._context),
                "about": lambda: show_about(self._context),
            }
            others[name]()

    def _open_manual(self, page: str) -> None:
        """Open a page of the manual, or the short help where it is not here."""
        if not open_page(page):
            show_help(self._context, NOT_HERE)

    def _show_drawer(self, before: Scene, scene: Scene) -> None:
        """Say in the titles what is in the drawer, and open it for what comes."""
        drawer = self.drawer
        for panel, title, count in (
            (self.points, "Points and residuals", len(scene.points)),
            (self.convergence, "Convergence", 0),
            (self.folder, "Folder", len(scene.folder.rows)),
            (self.series, "Series", len(scene.series.rows)),
        ):
            drawer.entitle(panel, f"{title} ({count})" if count else title)
        drawer.follow(self.series, bool(before.series.rows), bool(scene.series.rows))
        # With the selection, not with its first point: nothing moves between two clicks.
        drawer.follow(self.points, before.picking or bool(before.points),
                      scene.picking or bool(scene.points))
        if scene.picking and not before.picking and drawer.opened:
            # Its list, Done and Cancel are wanted now, whatever was looked at.
            drawer.show_panel(self.points)

    def _go_on(self, scene: Scene) -> None:
        """Bring the pointer to where the next point should be."""
        if scene.next_place is not None:
            self.aim.go_to(*scene.next_place)

    def _copy(self, kind: str) -> None:
        root = self._context.root
        root.clipboard_clear()
        root.clipboard_append(self._context.actions.copy_text(kind))

    def _step_point(self, scene: Scene, step: int) -> None:
        numbers = [point.number for point in scene.points]
        if scene.selected in numbers:
            place = (numbers.index(scene.selected) + step) % len(numbers)
        else:
            place = 0 if step > 0 else -1
        self._context.actions.select_point(numbers[place])

    def _describe(self, x: float | None, y: float | None) -> None:
        """Say in the status line what is under the pointer, on the image or in the magnifier."""
        self._at = x, y
        text = ""
        if x is not None and y is not None:
            reach = self._context.theme.px(ON_RING) / self.image.viewport.scale
            text = self._context.actions.describe(x, y, reach)
        self.status.describe(text)

    def _arrange(self, width: int) -> None:
        wanted = column_width(width, self._context.theme.scale)
        if str(self.side.cget("width")) != str(wanted):
            self.side.configure(width=wanted)
        self.drawer.fit()

    def _shared_height(self) -> int:
        """Height in px that the image and the drawer's inside have together."""
        beside = (
            self.tool_bar.winfo_reqheight() + self.status.winfo_reqheight()
            + self.drawer.handle.winfo_reqheight() + 3
        )
        return max(self.winfo_height() - beside, 1)

    def _line(self, **size: int) -> ttk.Frame:
        return ttk.Frame(self, style="Line.TFrame", **size)  # type: ignore[arg-type]

    def _fill_drawer(self) -> None:
        context, inside = self._context, self.drawer.inside
        self.points = PointsPanel(inside, context)
        self.unrolled = UnrolledPanel(inside, context)
        self.convergence = ConvergencePanel(inside, context)
        self.folder = FolderPanel(inside, context)
        self.series = SeriesPanel(inside, context)
        for panel, title in (
            (self.points, "Points and residuals"), (self.unrolled, "Unrolled"),
            (self.convergence, "Convergence"), (self.folder, "Folder"), (self.series, "Series"),
        ):
            self.drawer.put(panel, title)
