"""Exact SI constants (2019 redefinition); the only place they are written."""

from typing import Final

from lithomech.units import CoulombPerMol, JoulePerMolKelvin, Kelvin

F: Final[CoulombPerMol] = 96485.33212331001  # e * N_A
R: Final[JoulePerMolKelvin] = 8.31446261815324  # k_B * N_A
ROOM_TEMPERATURE: Final[Kelvin] = 298.15  # 25 degC, where nothing else is stated
