"""Which part of an image is looked at: zoom, pan and fit as changes of one frozen value."""

from dataclasses import dataclass, replace

from calibtool.view.viewport import Viewport

# The image is never smaller than this part of what fits the canvas.
SMALLEST_PART = 0.25


@dataclass(frozen=True)
class Navigation:
    """A viewport on an image of shape (H, W).

    While ``fitted``, the whole image is shown whatever the size of the canvas. The middle of
    the canvas never leaves the image.
    """

    view: Viewport
    shape: tuple[int, ...] = (1, 1)
    fitted: bool = True

    def resized(self, width: int, height: int) -> "Navigation":
        """The same part on a canvas of another size."""
        return self._kept(self.view.resized(width, height), self.fitted)

    def on(self, shape: tuple[int, ...]) -> "Navigation":
        """The same part of another image, or the whole of it where its shape differs."""
        fitted = self.fitted or shape != self.shape
        return replace(self, shape=shape)._kept(self.view, fitted)

    def whole(self) -> "Navigation":
        """The whole image."""
        return self._kept(self.view, True)

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> "Navigation":
        """Zoom at a canvas coordinate, or in the middle."""
        view = self.view
        fit = Viewport.fitted(view.width, view.height, self.shape)
        smallest = min(1.0, SMALLEST_PART * fit.scale)
        x, y = ((view.width - 1) / 2, (view.height - 1) / 2) if at is None else at
        return self._kept(view.zoomed(factor, x, y, smallest), False)

    def panned(self, dx: float, dy: float) -> "Navigation":
        """Shift the image by screen pixels."""
        return self._kept(self.view.panned(dx, dy), False)

    def centred(self, x: float, y: float) -> "Navigation":
        """The image position (x, y) in the middle."""
        view = self.view
        return self._kept(Viewport.around(view.width, view.height, x, y, view.scale), False)

    def _kept(self, view: Viewport, fitted: bool) -> "Navigation":
        if fitted:
            view = Viewport.fitted(view.width, view.height, self.shape)
        return replace(self, view=view.kept_inside(self.shape), fitted=fitted)
