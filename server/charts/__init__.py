"""Tables of amounts and their pictures as SVG, which needs no script: pure functions from table to picture."""
