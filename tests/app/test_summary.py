"""What the terminal says at the end of a run."""

from lithomech.app.summary import brief


def test_one_line_on_all_values_that_are_assumed():
    shown = brief(
        [
            "li: assumed, not measured: diffusivity, activation energy",
            "ncm88: taken from ncm811: diffusivity",
            "'Rest for 1 hour' was skipped in cycle 1: so it was",
        ]
    )
    assert shown == [
        "'Rest for 1 hour' was skipped in cycle 1: so it was",
        "values of the materials: 2 assumed, 1 borrowed from another material; the report "
        "lists them",
    ]
