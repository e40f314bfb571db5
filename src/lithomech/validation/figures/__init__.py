"""Figures and tables of Song et al. 2021 as the library and the models have them, by panel."""
