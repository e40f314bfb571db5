"""Measured files in: bytes become series, spectra, hits and pictures."""
