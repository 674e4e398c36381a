"""`python -m shapes`: the register of rules, as docs/rules.md holds it."""

import sys

from shapes.rules_page import rules_to_markdown

sys.stdout.write(rules_to_markdown())
