"""`python -m shapes`: print the register of rules as in docs/rules.md."""

import sys

from shapes.rules_page import rules_to_markdown

sys.stdout.write(rules_to_markdown())
