"""Fingerprints of findings: what a finding is about, whatever the figures are and whichever version is checked."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapes.report import Finding

_VERSION = re.compile(r".*/v/[0-9a-f]{16}(?=/|$)")


def finding_to_fingerprint(finding: Finding) -> str:
    """Return 16 hex digits that a finding keeps from one version of a disclosure to the next.

    They depend on the rule and on table, row and column of the figures compared, not on amounts and pages.
    Two findings of one report may share a fingerprint.
    """
    operands = [operand for operand in (finding.left, finding.right, *finding.parts) if operand is not None]
    places = sorted({"\t".join((o.table or "", o.row or "", o.column or "")) for o in operands} - {"\t\t"})
    things = [_VERSION.sub("", thing) for thing in (finding.focus, finding.value or "")]
    about = [finding.rule, finding.component, finding.path or "", *(places or things), finding.quote or ""]
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:16]
