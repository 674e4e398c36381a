"""Prove the rules on the example and on real disclosures, and write the figures to `docs/proof.md`.

    python -m benchmarks.prove_rules [--trials N] [FILE ...]

Without files: the example, and what `../shared/disclosures` holds. Takes some seconds of processor time a trial.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from converters import DocumentError, read_document
from ontology.messages import message
from shapes.versions import rules_version
from yusuan.proving.trials import ClassResult, Trial, count_trials, run_trials

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "qingshan-npc-office-2024-budget.txt"
MATERIAL = ROOT.parent / "shared" / "disclosures"
REPORT = ROOT / "docs" / "proof.md"
HEAD = """\
# How much the rules notice

Made by `python -m benchmarks.prove_rules --trials {trials}` on {day} with yusuan {number}, rules `{rules}`:
{changes} changes to {count} disclosures ({files}),
at most {trials} of each class and disclosure, evenly spread. *Noticed*: a violation or warning is
new. *Named*: one of its findings names the place, such as the row that was changed; of what was left out there is no
place, so the finding must tell of the whole.

| class | changes | noticed | place named |
| --- | --- | --- | --- |
"""
HARMLESS = """
Harmless changes must raise nothing. In a document with faults a left-out table can change which findings tell of them,
and a moved one the number by which they name it.

| class | changes | raised something |
| --- | --- | --- |
"""


def proof_to_markdown(trials: list[Trial], files: list[Path], most: int) -> str:
    """Return the figures of trials as Markdown."""
    results = count_trials(trials)
    head = HEAD.format(
        trials=most,
        day=date.today().isoformat(),  # noqa: DTZ011 # the day of whoever measures
        number=version("yusuan"),
        rules=rules_version().key,
        changes=len(trials),
        count=len(files),
        files=", ".join(path.name for path in files),
    )
    faults = "".join(_fault(result) for result in results if not result.harmless)
    harmless = "".join(
        f"| {_name(result)} | {result.trials} | {result.noticed} |\n" for result in results if result.harmless
    )
    missed = [f"- {trial.fault}: {trial.detail}\n" for trial in trials if not trial.passed]
    return head + faults + HARMLESS + harmless + ("\nNot passed:\n\n" + "".join(missed) if missed else "")


def _fault(result: ClassResult) -> str:
    shares = [f"{part} ({part / result.trials:.0%})" for part in (result.noticed, result.named)]
    return f"| {_name(result)} | {result.trials} | {shares[0]} | {shares[1]} |\n"


def _name(result: ClassResult) -> str:
    return message(f"prove-{'harmless-' if result.harmless else ''}{result.fault}", "en")


def main() -> None:
    """Run the trials of each file and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("-o", "--output", type=Path, default=REPORT)
    arguments = parser.parse_args()
    found = arguments.files or [EXAMPLE, *sorted(path for path in MATERIAL.glob("*") if path.suffix == ".pdf")]
    trials: list[Trial] = []
    proven: list[Path] = []
    for path in found:
        try:
            trials += run_trials(read_document(path), trials=arguments.trials)
        except DocumentError as error:
            sys.stdout.write(error.text("en") + "\n")
            continue
        proven.append(path)
        sys.stdout.write(f"{path.name} {len(trials)}\n")
        arguments.output.write_text(proof_to_markdown(trials, proven, arguments.trials), encoding="utf-8")


if __name__ == "__main__":
    main()
