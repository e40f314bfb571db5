"""Figures; the only package that imports matplotlib. Functions return, and never show."""
