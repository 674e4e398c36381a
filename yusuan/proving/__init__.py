"""Proof of the rules: put faults into a disclosure and see which are noticed, and where."""
