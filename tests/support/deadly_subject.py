"""A subject whose members are numbers; one of them ends the process that runs it."""

import os
import time

from lithomech.studies.members import Member

DEADLY = 3.0


class DeadlySubject:
    """Doubles numbers, and ends the process at ``DEADLY``."""

    def run(self, values, readings, _is_stopped):
        """Run a member."""
        (number,) = values.values()
        if number == DEADLY:
            os._exit(1)
        time.sleep(0.01)
        outputs = {reading.name: 2.0 * number for reading in readings}
        return Member((number,), "completed", "", outputs, None, 0.01)
