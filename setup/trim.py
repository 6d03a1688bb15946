"""What goes into the executable and what stays out, each with its reason.

Used by ``calibtool.spec`` (what PyInstaller follows and collects) and by ``setup/build.py`` (what
is checked in the finished folder). Patterns are those of ``fnmatch`` and see paths with ``/``,
relative to the folder of the libraries.
"""

from fnmatch import fnmatch
from pathlib import Path

# Modules nothing of ours reaches at run time, though something we use may mention them.
EXCLUDED_MODULES = {
    "PyQt5": "another toolkit, offered by matplotlib, silx and pyFAI",
    "PyQt6": "another toolkit",
    "PySide2": "another toolkit",
    "PySide6": "another toolkit",
    "qtpy": "another toolkit",
    "gi": "another toolkit",
    "wx": "another toolkit",
    "tornado": "web server of a matplotlib back end",
    "IPython": "interactive shell",
    "silx.gui": "needs Qt",
    "silx.app": "programs of their own",
    "silx.opencl": "needs a graphics card's driver",
    "silx.test": "tests",
    "pyFAI.gui": "needs Qt",
    "pyFAI.app": "programs of their own",
    "pyFAI.opencl": "needs a graphics card's driver",
    "pyFAI.test": "tests",
    "pyFAI.benchmark": "measures, not used",
    "pyFAI.diffmap": "a program of its own",
    "pyFAI.ext.dynamic_rectangle": "azimuthal integration, which is not our job",
    "pyFAI.ext.histogram": "azimuthal integration",
    "pyFAI.ext.inpainting": "azimuthal integration",
    "pyFAI.ext.preproc": "azimuthal integration",
    "pyFAI.ext.relabel": "azimuthal integration",
    "pyFAI.ext.sparse_builder": "azimuthal integration",
    "pyFAI.ext.sparse_utils": "azimuthal integration",
    "pyFAI.ext.splitBBox": "azimuthal integration",
    "pyFAI.ext.splitBBoxCSC": "azimuthal integration",
    "pyFAI.ext.splitBBoxCSR": "azimuthal integration",
    "pyFAI.ext.splitBBoxLUT": "azimuthal integration",
    "pyFAI.ext.splitBBox_common": "azimuthal integration",
    "pyFAI.ext.splitPixel": "azimuthal integration",
    "pyFAI.ext.splitPixelFull": "azimuthal integration",
    "pyFAI.ext.splitPixelFullCSC": "azimuthal integration",
    "pyFAI.ext.splitPixelFullCSR": "azimuthal integration",
    "pyFAI.ext.splitPixelFullLUT": "azimuthal integration",
    "pyFAI.ext.splitpixel_common": "azimuthal integration",
    "fabio.app": "programs of their own",
    "fabio.benchmark": "measures, not used",
    "fabio.qt": "needs Qt",
    "fabio.test": "tests",
    "pyopencl": "graphics cards",
    "pyvkfft": "graphics cards",
    "pycuda": "graphics cards",
    "setuptools": "builds packages",
    "pkg_resources": "builds packages",
    "pip": "installs packages",
    "wheel": "builds packages",
    "ensurepip": "installs packages",
    "pydantic": "checks of the linters' settings",
    "pydantic_core": "checks of the linters' settings",
    "pandas": "tables; fabio and hypothesis mention it",
    "numba": "compiler; mentioned by scipy",
    "skimage": "peer of the benchmarks",
    "dask": "clusters are used from an ordinary install",
    "distributed": "clusters are used from an ordinary install",
    "lxml": "only the XSD format of fabio reads XML, and no detector writes it",
    "sphinx": "makes the manual",
    "docutils": "makes the manual",
    "babel": "makes the manual",
    "furo": "makes the manual",
    "myst_parser": "makes the manual",
    "jinja2": "makes the manual",
    "markupsafe": "makes the manual",
    "yaml": "settings of other programs",
    "psutil": "tests",
    "filelock": "environments of Python",
    "certifi": "no network but the plain one of an instrument",
    "charset_normalizer": "texts of unknown encoding",
    "pydoc_data": "help of the interpreter",
    "jsonschema": "tests",
    "hypothesis": "tests",
    "pytest": "tests",
    "_pytest": "tests",
    "coverage": "tests",
    "mypy": "tests",
    "rich": "tests",
    "sqlite3": "no database",
    "curses": "no text screens",
    "readline": "no prompt",
    "ssl": "no network",
    "_ssl": "no network",
    "doctest": "tests",
    "lib2to3": "translates old sources",
    "distutils": "builds packages",
    "tkinter.tix": "withdrawn widgets",
    "turtle": "drawing for lessons",
    "turtledemo": "drawing for lessons",
    "idlelib": "an editor",
    "PIL._avif": "photographs, not detector images",
    "PIL._webp": "photographs, not detector images",
    "PIL._imagingcms": "colour profiles of printers",
    "PIL._imagingft": "the app draws its text with Tk, reports with matplotlib",
    "PIL.ImageQt": "needs Qt",
    "matplotlib.tests": "tests",
    "matplotlib.backends.backend_gtk3": "another toolkit",
    "matplotlib.backends.backend_gtk4": "another toolkit",
    "matplotlib.backends.backend_webagg": "shows plots in a browser",
    "matplotlib.backends.backend_nbagg": "shows plots in a browser",
    "matplotlib.backends.backend_pgf": "needs LaTeX",
    "matplotlib.backends.backend_ps": "reports are PDF, PNG or SVG",
    "matplotlib.backends.backend_cairo": "needs Cairo",
    "matplotlib.backends.backend_macosx": "plots are not shown in windows of matplotlib's",
    "calibtool.icons.draw": "draws the icons, once",
    "calibtool.icons.pen": "draws the icons, once",
    "scipy.datasets": "downloads examples",
    "scipy.odr": "a fit that is not used",
    "scipy.cluster": "not used",
    "numpy.testing.tests": "tests",
    "fontTools.ttLib.woff2": "fonts of web pages",
}

# Files that PyInstaller's hooks collect whole and of which we need a part.
DROPPED_FILES = {
    "hdf5plugin/plugins/libh5sz3*": "99 MB, a filter of simulations; no detector writes it",
    "hdf5plugin/plugins/libh5sz.*": "a filter of simulations",
    "hdf5plugin/plugins/libh5sperr*": "a filter of simulations",
    "hdf5plugin/plugins/libh5fcidecomp*": "a filter of weather satellites",
    "hdf5plugin/plugins/libh5htj2k*": "a filter of photographs",
    "hdf5plugin/plugins/libh5zfp*": "a filter of simulations, lossy",
    "*lib-dynload/_codecs_*": "Asian text encodings of files",
    "*lib-dynload/_test*": "tests",
    "*lib-dynload/_xxtestfuzz*": "tests",
    "*lib-dynload/xxlimited*": "tests",
    "*lib-dynload/_sqlite3*": "no database",
    "_sqlite3.pyd": "no database",
    "*lib-dynload/_ssl*": "no network",
    "_ssl.pyd": "no network",
    "*lib-dynload/_curses*": "no text screens",
    "*lib-dynload/readline*": "no prompt",
    "libcrypto*": "no network; hashlib has its own SHA-256",
    "libssl*": "no network",
    "libsqlite3*": "no database",
    "libreadline*": "no prompt",
    "libncurses*": "no text screens",
    "*lib-dynload/_hashlib*": "hashes by OpenSSL; hashlib has its own SHA-256",
    "_hashlib.pyd": "hashes by OpenSSL; hashlib has its own SHA-256",
    "_tcl_data/tzdata/*": "times of day all over the world",
    "_tcl_data/msgs/*": "names of months in Tcl",
    "_tcl_data/http*": "no network",
    "_tk_data/demos/*": "examples",
    "_tk_data/images/*": "pictures of the examples",
    "matplotlib/mpl-data/sample_data/*": "examples",
    "matplotlib/mpl-data/plot_directive/*": "documentation",
    "matplotlib/mpl-data/images/*": "icons of matplotlib's windows",
    "matplotlib/mpl-data/fonts/afm/*": "PostScript's fonts",
    "matplotlib/mpl-data/fonts/pdfcorefonts/*": "PDF's fonts; reports embed theirs",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSerif*": "reports use DejaVu Sans",
    "silx/resources/*": "icons and OpenCL of silx",
    "pyFAI/resources/gui/*": "needs Qt",
    "pyFAI/resources/openCL/*": "graphics cards",
    "*/tests/*": "tests",
    "*/test/*": "tests",
    "*.pyi": "types for checkers",
    "*.pxd": "declarations for compilers",
    "*.dist-info/[!M]*": "records of pip; METADATA has the version",
    "numpy/_core/include/*": "headers for compilers",
    "numpy/_core/lib/*": "libraries for compilers",
}

# Runtime hooks of PyInstaller that do harm here.
DROPPED_HOOKS = {
    "pyi_rth_mplconfig": "makes matplotlib look for all fonts anew at every start",
    "pyi_rth_inspect": "finds source texts, of which there are none, and delays the window",
    "pyi_rth_pkgutil": "lists the modules of packages, which nothing asks for, and delays it",
}

# Loaded by name at run time, so PyInstaller cannot see them.
HIDDEN_IMPORTS = {
    "PIL._tkinter_finder": "how Pillow's pictures find Tk",
    "PIL.TiffImagePlugin": "Pillow finds its formats by name",
    "PIL.PngImagePlugin": "Pillow finds its formats by name",
    "PIL.JpegImagePlugin": "Pillow finds its formats by name",
    "matplotlib.backends.backend_agg": "chosen by the ending of the report",
    "matplotlib.backends.backend_pdf": "chosen by the ending of the report",
    "matplotlib.backends.backend_svg": "chosen by the ending of the report",
    "hdf5plugin": "registers the filters of compressed HDF5",
}

# Data read by name at run time.
DATA = {
    "pyFAI": ("resources/calibration/*", "resources/sensors/*"),
    "calibtool": ("manual/**/*", "io/*.schema.json"),
    "calibtool.icons": ("*.png", "*.ico"),
}

# The finished folder is refused without each of these.
NEEDED_FILES = {
    "calibtool/icons/find-ring.png": "icons",
    "calibtool/manual/index.html": "manual",
    "calibtool/icons/app-256.png": "the program's own icon",
    "PIL/_imagingtk*": "pictures in the window",
    "_tcl_data/*.tcl": "Tk",
    "_tk_data/ttk/*.tcl": "Tk's themed widgets",
    "h5py/_conv*": "HDF5",
    "hdf5plugin/plugins/libh5bshuf*": "filter bitshuffle, of Eiger detectors",
    "hdf5plugin/plugins/libh5lz4*": "filter LZ4, of Eiger detectors",
    "hdf5plugin/plugins/libh5zstd*": "filter Zstandard",
    "hdf5plugin/plugins/libh5blosc.*": "filter Blosc",
    "hdf5plugin/plugins/libh5blosc2.*": "filter Blosc2",
    "hdf5plugin/plugins/libh5bzip2*": "filter bzip2",
    "fabio/ext/byte_offset*": "CBF of Pilatus detectors",
    "fabio/ext/mar345_IO*": "image plates of Mar",
    "pyFAI/resources/calibration/AgBh.D": "calibrants",
    "pyfai-*.dist-info/METADATA": "pyFAI's version, which names the kept tables",
    "scipy/optimize/*": "fits",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf": "text of reports",
    "matplotlib/mpl-data/matplotlibrc": "reports",
    "matplotlib/backends/_backend_agg*": "reports as PNG",
}

LARGEST_FOLDER_MB = 200
LARGEST_ARCHIVE_MB = 60


def fabio_formats() -> list[str]:
    """Modules of the image formats, which fabio imports by name."""
    from fabio.fabioformats import _default_codecs

    return [f"fabio.{module}" for module, _ in _default_codecs]


def own_modules(package: Path) -> list[str]:
    """Every module of calibtool below the folder; many are imported by name on first use."""
    paths = [path.relative_to(package).with_suffix("") for path in package.rglob("*.py")]
    names = {".".join(path.parts).removesuffix(".__init__") for path in paths}
    return sorted(name for name in names if name.startswith("calibtool"))


def is_dropped(path: str) -> bool:
    """Whether the file of this path, relative to the libraries, stays out."""
    return any(fnmatch(path.replace("\\", "/"), pattern) for pattern in DROPPED_FILES)


def missing(paths: list[str]) -> list[str]:
    """Name what is needed and is not among the paths."""
    return [
        f"{pattern} ({purpose})"
        for pattern, purpose in NEEDED_FILES.items()
        if not any(fnmatch(path, pattern) for path in paths)
    ]
