"""Endings of file names that an image may have: for folders and for the file dialogs."""

# The extensions of fabio's formats (fabio.fabioformats), without those that are mostly other
# things (raw, spr, 0…9), and what Pillow and h5py add.
_WORDS = """
bmp cbf cor cxi dm3 edf eiger esperanto f2d gfrm gif h5 hdf hdf5 img jp2 jpeg jpg jpx kcd mar1200
mar1600 mar1800 mar2000 mar2300 mar2400 mar3000 mar3450 mccd mpa mrc msk nexus npy nxs osc pgm png
pnm ppm sfrm spe stl tif tiff xsd
"""
IMAGE_ENDINGS = frozenset(_WORDS.split())

PACKED_ENDINGS = ("gz", "bz2")
"""Of a packed image, after its own ending."""
