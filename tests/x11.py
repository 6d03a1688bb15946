"""Look at an X screen from outside, fast enough to time what appears on it."""

import ctypes
import ctypes.util
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

ALL_PLANES = 0xFFFFFFFF
Z_PIXMAP = 2
SUBSTRUCTURE_REDIRECT = 1 << 20


class _XImage(ctypes.Structure):
    """The first fields of Xlib's XImage (X11/Xlib.h); pointers to functions follow them."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("width", "height", "xoffset", "format")),
        ("data", ctypes.c_void_p),
        *((name, ctypes.c_int) for name in ("byte_order", "bitmap_unit", "bitmap_bit_order")),
        *((name, ctypes.c_int) for name in ("bitmap_pad", "depth", "bytes_per_line")),
    ]


class _Attributes(ctypes.Structure):
    """Xlib's XWindowAttributes as far as its masks of events."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("x", "y", "width", "height", "border", "depth")),
        ("visual", ctypes.c_void_p),
        ("root", ctypes.c_ulong),
        *((name, ctypes.c_int) for name in ("kind", "bit_gravity", "win_gravity", "backing")),
        ("backing_planes", ctypes.c_ulong),
        ("backing_pixel", ctypes.c_ulong),
        ("save_under", ctypes.c_int),
        ("colormap", ctypes.c_ulong),
        ("map_installed", ctypes.c_int),
        ("map_state", ctypes.c_int),
        ("all_event_masks", ctypes.c_long),
        ("rest", ctypes.c_long * 8),
    ]


class Screen:
    """A connection to one X display of 24-bit depth; asking for a few rows takes 0.1 ms."""

    def __init__(self, name: str) -> None:
        path = ctypes.util.find_library("X11")
        if path is None:
            raise RuntimeError("libX11 is not installed")
        self._x = ctypes.CDLL(path)
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self._x.XGetImage.restype = ctypes.POINTER(_XImage)
        self._x.XGetImage.argtypes = [
            ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int,
            ctypes.c_uint, ctypes.c_uint, ctypes.c_ulong, ctypes.c_int,
        ]  # fmt: skip
        self._x.XDestroyImage.argtypes = [ctypes.POINTER(_XImage)]
        self._x.XCloseDisplay.argtypes = [ctypes.c_void_p]
        self._display = self._x.XOpenDisplay(name.encode())
        if not self._display:
            raise RuntimeError(f"no X display {name}")
        self._root = self._x.XDefaultRootWindow(self._display)

    def is_managed(self) -> bool:
        """Whether a window manager is there: one program alone may redirect what others map."""
        about = _Attributes()
        window = ctypes.c_ulong(self._root)
        self._x.XGetWindowAttributes(
            ctypes.c_void_p(self._display), window, ctypes.byref(about)
        )
        return bool(about.all_event_masks & SUBSTRUCTURE_REDIRECT)

    def grab(self, x: int, y: int, width: int, height: int) -> NDArray[np.uint32]:
        """Copy a part of the screen: (height, width), 0x00RRGGBB each."""
        image = self._x.XGetImage(
            self._display, self._root, x, y, width, height, ALL_PLANES, Z_PIXMAP
        )
        try:
            size = image.contents.bytes_per_line * height
            rows = np.frombuffer(ctypes.string_at(image.contents.data, size), np.uint32)
            return rows.reshape(height, -1)[:, :width] & 0xFFFFFF
        finally:
            self._x.XDestroyImage(image)

    def wait(self, condition: Callable[["Screen"], bool], timeout: float = 60.0) -> float:
        """Wait until ``condition(screen)`` holds; give ``time.perf_counter()`` of that moment."""
        end = time.perf_counter() + timeout
        while not condition(self):
            if time.perf_counter() > end:
                raise TimeoutError(f"not on the screen after {timeout:.0f} s")
            time.sleep(0.002)
        return time.perf_counter()

    def close(self) -> None:
        """End the connection."""
        self._x.XCloseDisplay(self._display)


def something_is_there(screen: Screen) -> bool:
    """Whether anything is painted on the black ground, on rows right across the screen."""
    return any(bool(screen.grab(0, y, 1200, 1).any()) for y in (10, 60, 150, 400))


def picture_is_there(screen: Screen) -> bool:
    """Whether many colours stand side by side, as only in an image with noise.

    Texts and pictures of a window have a few shades; a row through the beam has dozens.
    """
    return any(len(np.unique(screen.grab(0, y, 1200, 1))) > 40 for y in range(250, 700, 50))
