"""The compiled solver: sums what mechanisms do, and marches in time."""
