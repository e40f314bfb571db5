"""Measured and simulated time series: one container and what is read off it."""
