"""The example in other formats and layouts gives the same figures, but for their places."""

from pathlib import Path

import pytest
from small_disclosures import EXAMPLE, example

from benchmarks.renderings.__main__ import WRITERS
from benchmarks.renderings.pieces import read_pieces
from converters import Conversion, conversion_to_records, convert_document
from converters.readers import read_content, read_document

PLACES = ("page", "place", "observation", "point", "disclosure", "coordinates")
LAYOUTS = [
    pytest.param(ending, layout, marks=() if layout == layouts[0] else pytest.mark.exhaustive)
    for ending, (_, layouts) in WRITERS.items()
    for layout in layouts
]
"""The first layout of each format in the default set."""


def figures(conversion: Conversion) -> list[dict[str, str]]:
    return [{k: v for k, v in row.items() if k not in PLACES} for row in conversion_to_records(conversion)]


@pytest.mark.parametrize(("ending", "layout"), LAYOUTS)
def test_the_example_in_another_format_gives_the_same_figures(ending: str, layout: str) -> None:
    content = WRITERS[ending][0](list(read_pieces(read_document(EXAMPLE))), layout)
    conversion = convert_document(read_content(Path(f"example.{ending}"), content))
    assert figures(conversion) == figures(example())
    assert all(str(observation.locator) for observation in conversion.observations)
