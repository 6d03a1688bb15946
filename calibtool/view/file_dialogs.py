"""The file dialogs, one for each way a command asks for a name."""

import tkinter as tk
from pathlib import Path
from tkinter import filedialog
from typing import Any

from calibtool.image_endings import IMAGE_ENDINGS, PACKED_ENDINGS
from calibtool.view.commands import Command
from calibtool.view.window_system import window_system

_ALL = ("All files", "*")
_IMAGES = (
    "Images", " ".join(f"*.{ending}" for ending in (*sorted(IMAGE_ENDINGS), *PACKED_ENDINGS))
)
_TYPES: dict[str, list[tuple[str, str]]] = {
    "open_image": [_IMAGES, _ALL],
    "open_raw": [("Dumps of pixels", "*.raw *.bin *.dat *.dmp *.dump *.img"), _ALL],
    "open_points": [("Points", "*.csv *.npt"), _ALL],
    "open_mask": [("Masks", "*.msk *.edf *.npy *.npz *.tif *.tiff *.png *.cbf"), _ALL],
    "open_file": [("Calibrations", "*.json *.poni *.info"), _ALL],
}
_SAVE_TYPES: dict[str, list[tuple[str, str]]] = {
    ".json": [("Calibration", "*.json"), _ALL],
    ".poni": [("pyFAI geometry", "*.poni"), _ALL],
    ".info": [("MuscleX settings", "*.info"), _ALL],
    ".pdf": [("PDF", "*.pdf"), ("Picture", "*.png"), _ALL],
    ".npy": [("Mask", "*.npy"), ("EDF", "*.edf"), ("Fit2D, pyFAI", "*.msk"), _ALL],
    ".csv": [("Table", "*.csv"), _ALL],
}
_POINT_TYPES = [("Table", "*.csv"), ("pyFAI control points", "*.npt"), _ALL]


def ask_path(root: tk.Tk, command: Command, directory: str = "") -> str:
    """Ask for the file or folder a command needs; an empty text when the user leaves it.

    The dialog begins in ``directory``, where that is a folder.
    """
    options: dict[str, Any] = {"parent": root, "title": command.label.rstrip("…")}
    if directory and Path(directory).is_dir():
        options["initialdir"] = directory
    if command.asks == "open_folder":
        chosen = filedialog.askdirectory(**options, mustexist=True)
    elif command.asks == "save":
        suffix = Path(command.save_as).suffix
        types = _POINT_TYPES if command.name == "save_points" else _SAVE_TYPES.get(suffix, [_ALL])
        chosen = filedialog.asksaveasfilename(
            **options, initialfile=command.save_as, defaultextension=suffix, filetypes=types
        )
    else:
        types = _TYPES[command.asks]
        if window_system(root).is_mac:
            # The panel greys what the first type leaves out, and hides the choice of types.
            types = types[::-1]
        chosen = filedialog.askopenfilename(**options, filetypes=types)
    return str(chosen) if chosen else ""
