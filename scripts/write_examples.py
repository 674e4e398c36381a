"""Write `shapes/written-examples.ttl`: what findings say about the first broken case of each rule."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from shape_graphs import examples_to_turtle  # noqa: E402 # found by the path above

(ROOT / "shapes" / "written-examples.ttl").write_text(examples_to_turtle(), encoding="utf-8")
