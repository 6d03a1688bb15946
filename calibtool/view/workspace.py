"""Everything inside the window: tool bar, image, magnifier, panels, status line."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from calibtool.scene import Scene
from calibtool.view.aiming import Aim
from calibtool.view.context import Context
from calibtool.view.convergence_panel import ConvergencePanel
from calibtool.view.field_row import FieldRow
from calibtool.view.folder_panel import FolderPanel, SeriesPanel
from calibtool.view.guide_bar import GuideBar
from calibtool.view.help_window import show_about, show_help
from calibtool.view.icon_images import Icons
from calibtool.view.image_canvas import ImageCanvas
from calibtool.view.magnifier import Magnifier
from calibtool.view.palette import Palette
from calibtool.view.panes import Split
from calibtool.view.points_panel import PointsPanel
from calibtool.view.side_column import SideColumn
from calibtool.view.status_bar import StatusBar
from calibtool.view.tabs import Tabs
from calibtool.view.tool_bar import ToolBar
from calibtool.view.welcome import Welcome

# So near, in px at 96 dpi, the pointer is on a ring.
ON_RING = 5
# Lengths in px at 96 dpi. The part below the image gets so much of the height, where the image
# keeps half; the lens in it is nearly square.
LOWER_SHARE, LOWER_LEAST, LOWER_MOST = 0.42, 304, 480
ABOUT_LENS, LENS_LEAST = 96, 204


class Workspace(ttk.Frame):
    """Image and side column above; magnifier and the panels with tabs below the image."""

    def __init__(
        self, parent: tk.Misc, context: Context, open_path: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._at: tuple[float | None, float | None] = None, None
        theme = context.theme
        icons = Icons(context.root, theme)
        icons.set_window_icon()
        self.tool_bar = ToolBar(self, theme, icons, context.run)
        self.tool_bar.pack(fill="x")
        ttk.Frame(self, style="Line.TFrame", height=1).pack(fill="x")
        self.status = StatusBar(self, context)
        self.status.pack(side="bottom", fill="x")
        ttk.Frame(self, style="Line.TFrame", height=1).pack(side="bottom", fill="x")
        self.side = SideColumn(self, context)
        self.side.pack(side="right", fill="y")
        ttk.Frame(self, style="Line.TFrame", width=1).pack(side="right", fill="y")
        self.guide = GuideBar(self, context)
        self.guide.pack(side="top", fill="x")
        self.panes = Split(self, self._image_height, orient="vertical")
        self.panes.pack(fill="both", expand=True)
        frame = self._frame(self.panes, weight=1)
        self.image = ImageCanvas(frame, context.actions, on_cursor=self._cursor)
        self.aim = Aim(self.image, context.actions, theme.scale)
        self.welcome = Welcome(frame, context, open_path)
        self._put(self.image, frame)
        below = Split(self.panes, self._lens_width)
        self.panes.add(below, weight=0)
        frame = self._frame(below, weight=0)
        self.lens = Magnifier(frame, context.actions, on_cursor=self._describe)
        self._put(self.lens, frame)
        self.tabs = self._tabs(below)
        below.add(self.tabs, weight=1)
        # Tab goes from the image through what is below it to the side column.
        for part in (self.side, self.status):
            part.lift()

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for part in (
            self.tool_bar, self.guide, self.welcome, self.image, self.lens, self.points,
            self.convergence, self.folder, self.series, self.side, self.status,
        ):
            part.show(scene)
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

    def local(self, name: str, scene: Scene) -> None:
        """Do a command of the view itself."""
        if name.startswith("copy_"):
            self._copy(name.removeprefix("copy_"))
        elif name == "place":
            self.aim.press(scene)
        elif name == "next_place":
            self._go_on(scene)
        elif name in ("next_point", "previous_point"):
            self._step_point(scene, 1 if name == "next_point" else -1)
        elif name in ("help", "about"):
            (show_help if name == "help" else show_about)(self._context)
        elif name.startswith("zoom_"):
            getattr(self.image, name)()
        else:
            getattr(self.lens, name.replace("lens", "zoom"))()

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

    def _cursor(self, x: float | None, y: float | None) -> None:
        self._describe(x, y)
        if x is not None and y is not None:
            self.lens.follow(x, y)

    def _describe(self, x: float | None, y: float | None) -> None:
        """Say in the status line what is under the pointer, on the image or in the magnifier."""
        self._at = x, y
        text = ""
        if x is not None and y is not None:
            reach = self._context.theme.px(ON_RING) / self.image.viewport.scale
            text = self._context.actions.describe(x, y, reach)
        self.status.describe(text)

    def _image_height(self, _width: int, height: int) -> float:
        px = self._context.theme.px
        lower = min(max(height * LOWER_SHARE, px(LOWER_LEAST)), px(LOWER_MOST), height * 0.5)
        return height - lower

    def _lens_width(self, width: int, height: int) -> float:
        px = self._context.theme.px
        return min(max(height - px(ABOUT_LENS), px(LENS_LEAST)), width * 0.36)

    def _frame(self, panes: ttk.Panedwindow, *, weight: int) -> tk.Frame:
        frame = tk.Frame(panes, borderwidth=0, highlightthickness=self._context.theme.px(1.5))
        panes.add(frame, weight=weight)

        def colours(palette: Palette) -> None:
            frame.configure(highlightbackground=palette.background, highlightcolor=palette.accent,
                            background=palette.background)

        self._context.theme.follow(colours)
        return frame

    def _put(self, inside: tk.Widget, frame: tk.Frame) -> None:
        """Put a widget in its frame, which shows when the focus is in it."""
        inside.pack(fill="both", expand=True)

        def focus(palette_name: str) -> None:
            colour = getattr(self._context.theme.palette, palette_name)
            frame.configure(highlightbackground=colour)

        inside.bind("<FocusIn>", lambda _event: focus("accent"), add="+")
        inside.bind("<FocusOut>", lambda _event: focus("background"), add="+")

    def _tabs(self, parent: tk.Misc) -> Tabs:
        tabs = Tabs(parent, self._context.theme)
        context = self._context
        self.points = PointsPanel(tabs, context)
        self.convergence = ConvergencePanel(tabs, context)
        self.folder = FolderPanel(tabs, context)
        self.series = SeriesPanel(tabs, context)
        tabs.put(
            (self.points, ("Points and residuals", "Points")),
            (self.convergence, ("Convergence", "Fit")),
            (self.folder, ("Folder",)),
            (self.series, ("Series",)),
        )
        return tabs
