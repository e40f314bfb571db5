"""What a study is: the Python API, the form of a study file and `lithomech schema study`."""

from lithomech.studies.spec.objective import Objective, Region
from lithomech.studies.spec.study import Study, load_study, schema, study_of
from lithomech.studies.spec.vary import Listed, Range, Spread

__all__ = [
    "Listed",
    "Objective",
    "Range",
    "Region",
    "Spread",
    "Study",
    "load_study",
    "schema",
    "study_of",
]
