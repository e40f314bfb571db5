"""Studies of many runs, and of pairs of them."""
