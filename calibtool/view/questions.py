"""Small questions beside the file dialogs: an address, and how pixels lie in a file."""

import os
import tkinter as tk
from tkinter import simpledialog, ttk

SIZES = {
    "uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "uint32": 4, "int32": 4, "float32": 4,
    "float64": 8,
}  # fmt: skip
"""Bytes of a pixel by its type."""

HIGH_FIRST = "be"
NUMBERS = ("width", "height", "offset")


def ask_address(root: tk.Tk, known: str) -> str:
    """Ask for an address; an empty text when the user leaves it."""
    typed = simpledialog.askstring(
        "Follow an address", "Address that serves the newest image:", parent=root,
        initialvalue=known or "http://",
    )  # fmt: skip
    return (typed or "").strip()


def ask_layout(root: tk.Tk, path: str) -> str:
    """Ask how the pixels lie in a file, as ``1024x768:uint16:0``; empty when the user leaves."""
    return LayoutDialog(root, path).result or ""


class LayoutDialog(simpledialog.Dialog):
    """Width, height, type, byte order and offset; says at once whether they fit the file."""

    result: str | None

    def __init__(self, root: tk.Tk, path: str) -> None:
        self._size = os.path.getsize(path) if os.path.isfile(path) else 0
        self._path = path
        super().__init__(root, "Dump of pixels")

    def body(self, master: tk.Frame) -> tk.Widget:
        """Make the fields; returns the one to type into."""
        self.fields: dict[str, ttk.Entry] = {}
        name = os.path.basename(self._path)
        ttk.Label(master, text=f"How do the pixels lie in {name} ({self._size} bytes)?").grid(
            columnspan=2, sticky="w", pady=(0, 8)
        )
        for row, key in enumerate(NUMBERS, 1):
            unit = "bytes" if key == "offset" else "px"
            ttk.Label(master, text=f"{key.capitalize()} ({unit})").grid(row=row, sticky="w")
            self.fields[key] = ttk.Entry(master, width=12)
            self.fields[key].grid(row=row, column=1, sticky="ew")
            self.fields[key].bind("<KeyRelease>", lambda _event: self.check())
        self.fields["offset"].insert(0, "0")
        ttk.Label(master, text="Type").grid(row=4, sticky="w")
        self.type = ttk.Combobox(master, values=list(SIZES), state="readonly", width=10)
        self.type.set("uint16")
        self.type.grid(row=4, column=1, sticky="ew")
        self.type.bind("<<ComboboxSelected>>", lambda _event: self.check())
        self.high_first = tk.BooleanVar(master, value=False)
        ttk.Checkbutton(master, text="High byte first", variable=self.high_first).grid(
            row=5, column=1, sticky="w"
        )
        self.said = ttk.Label(master, wraplength=320)
        self.said.grid(row=6, columnspan=2, sticky="w", pady=(8, 0))
        return self.fields["width"]

    def check(self) -> bool:
        """Say beside the fields whether they fit the file."""
        numbers = [self.fields[key].get().strip() for key in NUMBERS]
        if not all(number.isascii() and number.isdigit() for number in numbers):
            self.said.configure(text="Type whole numbers.")
            return False
        width, height, offset = map(int, numbers)
        frame = width * height * SIZES[self.type.get()]
        frames, rest = divmod(self._size - offset, frame) if frame else (0, 1)
        whole = rest == 0 and frames > 0
        text = f"{frames} image{'s' if frames != 1 else ''}" if whole else (
            f"This needs {offset + frame} bytes and the file has {self._size}."
        )
        self.said.configure(text=text)
        return whole

    def validate(self) -> bool:
        """Let only what fits the file be confirmed."""
        return self.check()

    def apply(self) -> None:
        """Keep what was said."""
        width, height, offset = (int(self.fields[key].get()) for key in NUMBERS)
        order = HIGH_FIRST if self.high_first.get() else ""
        self.result = f"{width}x{height}:{self.type.get()}{order}:{offset}"
