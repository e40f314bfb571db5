"""From a declared cell to one frozen object with every constant of its equations."""
