"""Files: images, calibrations, points, reports."""
