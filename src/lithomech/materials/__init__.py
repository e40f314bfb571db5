"""Materials: every number with its unit, its source and how it was found."""
