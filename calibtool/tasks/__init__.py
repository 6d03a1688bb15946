"""Files, instruments and model put together: value in, value out, no window."""
