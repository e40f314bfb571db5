"""Members in processes of their own, which may end without an answer."""

import pytest

from lithomech.studies.executors import Processes, Work
from lithomech.studies.readings import readings_of_cell
from lithomech.studies.run import Waiting, run_points
from support.deadly_subject import DEADLY, DeadlySubject


@pytest.mark.deep
def test_a_member_that_ends_its_process_costs_itself_only():
    readings = readings_of_cell(["full_cycles"])
    work = Work(DeadlySubject(), (("number",),), readings)
    with Waiting(Processes(2), work) as crew:
        pieces = run_points(crew, ((float(k),) for k in range(12)))
        members = {member.point[0]: member for members in pieces for member in members}
    assert sorted(members) == [float(k) for k in range(12)]
    lost = members.pop(DEADLY)
    assert (lost.status, lost.reason) == ("not converged", "its worker died twice")
    assert lost.outputs == {"full_cycles": None}
    for number, member in members.items():
        assert member.outputs == {"full_cycles": 2.0 * number}
