"""The layers between the pistons: voltage, stack pressure and damage."""
