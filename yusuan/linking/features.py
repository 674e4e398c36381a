"""The features by which a budget line and a notice are compared, as conditions over the tables of both sides.

A level's notation is that of its concept in `ontology/codes/link-evidence.ttl`, without the name of the feature. The
first level whose condition holds applies; the last level of a feature has none. In SQL, `_l` is the budget line and
`_r` the notice.
"""

from __future__ import annotations

from dataclasses import dataclass

SIMILARITY = "name_similarity"
"""The SQL function that compares two names: 0 to 100."""
_PROJECT = f"{SIMILARITY}(project_l, project_r)"
_SUBJECT = f"coalesce({SIMILARITY}(subject_l, subject_r), 0)"
_BESIDE = "item_l IS NOT NULL AND aside_l IS DISTINCT FROM aside_r"
"""One side is a service that accompanies the other, which has an item and a row of its own in a budget."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature: its columns, the condition under which it says nothing, and its levels by notation."""

    name: str
    columns: tuple[str, ...]
    missing: str
    levels: tuple[tuple[str, str], ...]
    last: str


FEATURES = (
    Feature(
        "buyer",
        ("office", "organisation", "division", "field"),
        "(office_r IS NULL AND division_r IS NULL)",
        (
            ("same", "organisation_l = organisation_r OR office_l = organisation_r"),
            ("unit", "office_l = office_r"),
            ("kin", "office_r IS NULL AND division_l = division_r AND field_l = field_r"),
            ("place", "office_r IS NULL AND division_l = division_r"),
        ),
        "other",
    ),
    Feature(
        "item",
        ("item",),
        "(item_l IS NULL OR item_r IS NULL)",
        (
            ("same", "item_l = item_r"),
            ("narrower", "starts_with(item_l, item_r) OR starts_with(item_r, item_l)"),
            ("class", "item_l[:5] = item_r[:5]"),
            ("group", "item_l[:3] = item_r[:3]"),
            ("letter", "item_l[1] = item_r[1]"),
        ),
        "other",
    ),
    Feature(
        "name",
        ("project", "aside"),
        f"(project_l IS NULL OR project_r IS NULL OR ({_PROJECT} < 65 AND {_SUBJECT} >= 55))",
        (
            ("aside", f"{_BESIDE} AND {_PROJECT} >= 65"),
            ("same", "project_l = project_r"),
            ("contained", f"{_PROJECT} >= 95"),
            ("near", f"{_PROJECT} >= 80"),
            ("akin", f"{_PROJECT} >= 65"),
            ("weak", f"{_PROJECT} >= 40"),
        ),
        "other",
    ),
    Feature(
        "subject",
        ("subject",),
        f"(subject_l IS NULL OR subject_r IS NULL OR ({_BESIDE})"
        f" OR ({_SUBJECT} < 55 AND coalesce({_PROJECT}, 0) >= 65))",
        (
            ("named", f"{_SUBJECT} >= 90"),
            ("akin", f"{_SUBJECT} >= 55"),
        ),
        "other",
    ),
    Feature(
        "amount",
        ("amount", "awarded", "together"),
        "(amount_l IS NULL OR amount_r IS NULL)",
        (
            ("whole", "NOT awarded_r AND together_l > amount_l AND abs(together_l - amount_r) < 0.005"),
            ("exact", "NOT awarded_r AND abs(amount_l - amount_r) < 0.005 AND amount_l % 10000 <> 0"),
            ("equal", "NOT awarded_r AND abs(amount_l - amount_r) < 0.005"),
            (
                "rounded",
                "NOT awarded_r AND amount_r IN (round(amount_l / 10000) * 10000, round(amount_l / 10000, 1) * 10000)",
            ),
            ("within", "amount_r BETWEEN amount_l * 0.5 AND amount_l"),
            ("part", "amount_r BETWEEN amount_l * 0.05 AND amount_l"),
            ("sliver", "amount_r <= amount_l"),
            ("among", "amount_r BETWEEN together_l * 0.75 AND together_l"),
            ("over", "amount_r <= amount_l * 1.1"),
        ),
        "beyond",
    ),
    Feature(
        "year",
        ("year", "quarter"),
        "(year_l IS NULL OR year_r IS NULL)",
        (
            ("same", "year_l = year_r"),
            ("eve", "(year_r = year_l - 1 AND quarter_r = 4) OR (year_r = year_l + 1 AND quarter_r = 1)"),
        ),
        "other",
    ),
    Feature(
        "function",
        ("topic",),
        "(topic_l IS NULL OR topic_r IS NULL)",
        (("same", "topic_l = topic_r"),),
        "other",
    ),
    Feature(
        "economic",
        ("economic",),
        "(economic_l IS NULL OR economic_r IS NULL)",
        (("same", "contains(economic_r, economic_l)"),),
        "other",
    ),
)
MERGED = Feature("merged", (), "", (("sum", ""), ("near", "")), "named")
"""Whether a notice merges the line with others, which is found when all pairs are known (see `merging`)."""
ALL_FEATURES = (*FEATURES, MERGED)
NEITHER = -1
"""The number of a level that says nothing."""

JOINT_LEVELS = ("whole", "among")
"""The levels of the amount at which a notice may spend several rows of a project together."""
_NEAR_YEARS = "abs(l.year - r.year) <= 1"
BLOCKS = (
    f"l.office = r.office AND {_NEAR_YEARS}",
    f"l.division = r.division AND l.field = r.field AND r.office IS NULL AND {_NEAR_YEARS}",
    f"l.division = r.division AND l.amount = r.amount AND r.office IS NULL AND {_NEAR_YEARS}",
    "l.project = r.project AND l.year = r.year AND r.office IS NULL AND r.division IS NULL",
)
"""Which pairs are compared at all. A buyer that is known is compared with the lines of its own department alone."""


def level_of(feature: Feature, value: int) -> str | None:
    """Return the notation of the level that Splink numbers, the last being 0 and the first highest; None if missing."""
    if value < 0:
        return None
    names = [feature.last, *(name for name, _ in reversed(feature.levels))]
    return f"{feature.name}-{names[value]}"


def level_number(feature: str, level: str) -> int:
    """Return the number that Splink gives to a level of a feature, both by name: `level_number("amount", "exact")`."""
    [found] = [each for each in ALL_FEATURES if each.name == feature]
    names = [found.last, *(name for name, _ in reversed(found.levels))]
    return names.index(level)
