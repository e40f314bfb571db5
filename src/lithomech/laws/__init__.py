"""Pure physics: one phenomenon per file, one law per function, numpy ufuncs only."""
