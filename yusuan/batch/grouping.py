"""Files that are one disclosure: tables in some, text in another, of the same office, year and phase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from yusuan.batch.jobs import Outcome


def group_halves(outcomes: Iterable[Outcome]) -> list[tuple[Outcome, ...]]:
    """The outcomes of files that belong together, several in each group.

    Files are put together if each lacks what the other may hold and no kind of table stands in two of them: the same
    disclosure in two formats stays two.
    """
    alike: dict[tuple[str, int, str], list[Outcome]] = defaultdict(list)
    for outcome in sorted(outcomes, key=lambda outcome: outcome.files):
        if outcome.missing and not outcome.failed and len(outcome.files) == 1:
            alike[outcome.organisation, outcome.year, outcome.phase].append(outcome)
    groups = (group for candidates in alike.values() for group in _disjoint(candidates))
    return [tuple(group) for group in groups if len(group) > 1]


def _disjoint(candidates: Iterable[Outcome]) -> list[list[Outcome]]:
    """The candidates in groups, each with at most one file of text alone and no kind of table twice."""
    groups: list[list[Outcome]] = []
    for outcome in sorted(candidates, key=lambda outcome: not outcome.kinds):
        group = next((group for group in groups if _fits(outcome, group)), None)
        if group is None:
            groups.append([outcome])
        else:
            group.append(outcome)
    return groups


def _fits(outcome: Outcome, group: Iterable[Outcome]) -> bool:
    if outcome.kinds:
        return not any(set(outcome.kinds) & set(other.kinds) for other in group)
    return all(other.kinds for other in group)
