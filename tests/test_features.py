"""The schema's features: each in one dimension, numbered ones too, and nothing else."""

import pytest

from lowres.features import UNMARKED, dimension, dimensions, known_features


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        ("LOC", "case"), ("IN+ESS", "case"), ("BANTU7", "gender"), ("PSS1S", "possession"), ("PSS3SM", "possession"),
        ("3", "person"),
        ("ARGAC1S", "argument"), ("LGSPEC3", "language"), ("V.PTCP", "finiteness"), ("FORM", "politeness"),
        ("LOK", ""), ("BANTU", "gender"), ("BANTU777", ""), ("IN+PL", ""), ("PSS9", ""), ("", ""), ("loc", ""), ("+", ""),
    ],
)  # fmt: skip
def test_a_feature_has_one_dimension(feature, expected):
    assert dimension(feature) == expected


def test_everything_listed_is_known_and_in_a_dimension_that_is():
    assert {dimension(feature) for feature in known_features()} == set(dimensions())
    assert known_features() >= UNMARKED
