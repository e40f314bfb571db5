"""Contact of a current collector with what is pressed on it, composite or foil."""

import numpy as np

from lithomech.laws import contact
from lithomech.numerics.compiled import kernel

REFERENCE, LEAST = 1e6, 1e4  # Pa, of the stored constants; lowest pressure they are known for

_resistance = kernel(contact.collector_resistance)


@kernel
def collector_resistance(pressed_on, P):
    """Resistance per area under a stack pressure [ohm m2].

    Args:
        pressed_on: record of an electrode or of a foil's host.
        P: stack pressure (number or dual).
    """
    exponent = pressed_on.collector_exponent
    return _resistance(pressed_on.collector, np.maximum(P, LEAST), REFERENCE, exponent)
