"""Parts of the ring search: reduce the image, find ridges, propose circles, test them."""
