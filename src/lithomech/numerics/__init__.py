"""Grids, tables, dual numbers and small linear kernels; knows no battery."""
