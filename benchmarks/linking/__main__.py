"""Measure suggested links on made records: `python -m benchmarks.linking`.

Notices are made from budget lines with known truth: sub-units and schools as buyers, abbreviated names, split and
merged purchases, rounded amounts, wrong codes, unrelated purchases and decoys. Four generators make them in different
ways; nothing is ever estimated on the third and the fourth. `--fit` estimates the settings on seeds of their own and
writes them; they are measured on other seeds. No store is written.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable, Sequence

import click
import pandas as pd

from benchmarks.linking.budgets import MadeBudgets, make_budgets
from benchmarks.linking.fitting import fit_weights, level_names, linked_share
from benchmarks.linking.market import make_market
from benchmarks.linking.plans import make_plans
from benchmarks.linking.records import MadeRecord, make_records
from benchmarks.linking.registers import make_registers
from ontology import load_vocabulary
from yusuan.linking.linked_store import CHUNK, MOST_STATED
from yusuan.linking.model import MODEL_FILE, LinkModel, load_model
from yusuan.linking.probabilities import scores_to_probabilities
from yusuan.linking.suggesting import Linkage

Maker = Callable[[int, int, int], tuple[MadeBudgets, Sequence[MadeRecord]]]
FIT_SEEDS, FIRST_SEED = (1, 2, 3, 4, 5, 6, 7, 8), 101
THRESHOLD, STATED, LEAST = 0.75, 0.9, 0.5


@click.command()
@click.option("--lines", default=2000, show_default=True, help="Budget lines of each seed.")
@click.option("--records", default=6000, show_default=True, help="Notices of each seed.")
@click.option("--seeds", default=3, show_default=True, help="Seeds to measure on.")
@click.option(
    "--fit",
    type=click.Choice(["first", "both"]),
    help="Estimate the settings on seeds of their own of the first generator, or of the first two, and write them.",
)
@click.option(
    "--generator", type=click.Choice(["first", "second", "third", "fourth"]), help="Measure on one generator alone."
)
@click.option("--time", "timed", is_flag=True, help="Tell only what time and memory suggestions take.")
@click.option("--threads", type=int, help="Processors that DuckDB may use.")
def main(
    lines: int,
    records: int,
    seeds: int,
    fit: str | None,
    generator: str | None,
    timed: bool,
    threads: int | None,
) -> None:
    """Print precision, recall and calibration of suggested links for each seed and for all together."""
    if fit:
        MODEL_FILE.write_text(
            fit_model(
                lines,
                records,
                [make for title, make in GENERATORS if title == "first" or (fit == "both" and title == "second")],
                threads,
            ).to_json(),
            encoding="utf-8",
        )
        click.echo(f"wrote {MODEL_FILE.name}")
    model = load_model()
    for title, make in GENERATORS:
        if generator not in (None, title):
            continue
        click.echo(f"\n{title} generator")
        if timed:
            measure_time(make, lines, records, model, threads)
            continue
        measure(make, lines, records, range(FIRST_SEED, FIRST_SEED + seeds), model, threads)


def make_first(seed: int, lines: int, records: int) -> tuple[MadeBudgets, Sequence[MadeRecord]]:
    """Return the budgets and notices on whose like the settings were estimated."""
    budgets = make_budgets(seed, lines)
    return budgets, make_records(seed, budgets, records)


def make_second(seed: int, lines: int, records: int) -> tuple[MadeBudgets, Sequence[MadeRecord]]:
    """Return budgets and notices made otherwise (see `benchmarks.linking.market`)."""
    del records  # follow from the lines
    return make_market(seed, lines)


def make_third(seed: int, lines: int, records: int) -> tuple[MadeBudgets, Sequence[MadeRecord]]:
    """Return budgets and notices made in a third way (see `benchmarks.linking.plans`), kept for measuring."""
    del records  # follow from the lines
    return make_plans(seed, lines)


def make_fourth(seed: int, lines: int, records: int) -> tuple[MadeBudgets, Sequence[MadeRecord]]:
    """Return budgets and notices made in a fourth way (see `benchmarks.linking.registers`), kept for measuring."""
    del records  # follow from the lines
    return make_registers(seed, lines)


def measure(
    make: Maker,
    lines: int,
    records: int,
    seeds: Iterable[int],
    model: LinkModel,
    threads: int | None,
) -> None:
    """Print precision, recall and calibration for each seed and for all together."""
    measured = []
    for seed in seeds:
        budgets, made = make(seed, lines, records)
        start = time.monotonic()
        pairs, truth = score(budgets, made, model, threads)
        seconds = time.monotonic() - start
        pairs["probability"] = scores_to_probabilities(pairs["score"].to_numpy(dtype=float))
        click.echo(
            f"seed {seed}: {len(budgets.lines)} lines, {len(made)} notices, {len(pairs)} pairs compared"
            f" in {seconds:.0f} s; {_quality(pairs, truth, model.threshold)}"
        )
        measured.append((pairs, truth))
    together = pd.concat([pairs for pairs, _ in measured])
    true_links = sum(truth for _, truth in measured)
    for threshold in (LEAST, 0.6, 0.7, 0.8, 0.9, 0.95):
        click.echo(f"from {threshold:.2f}: {_quality(together, true_links, threshold)}")
    _echo_calibration(together)
    _echo_told(together, model.stated)


def measure_time(make: Maker, lines: int, records: int, model: LinkModel, threads: int | None) -> None:
    """Print the processor time and the peak of memory that the suggestions of one seed take, chunk by chunk."""
    budgets, made = make(FIRST_SEED, lines, records)
    before, found = time.process_time(), 0
    linkage = Linkage([made.line for made in budgets.lines], budgets.offices, load_vocabulary(), model)
    for start in range(0, len(made), CHUNK):
        found += len(linkage.suggest([record.notice for record in made[start : start + CHUNK]], threads))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    click.echo(
        f"{len(budgets.lines)} lines, {len(made)} notices, {found} suggestions:"
        f" {time.process_time() - before:.0f} s of processor time, {memory} MiB at most"
    )


GENERATORS: tuple[tuple[str, Maker], ...] = (
    ("first", make_first),
    ("second", make_second),
    ("third", make_third),
    ("fourth", make_fourth),
)


def fit_model(lines: int, records: int, makers: Iterable[Maker], threads: int | None = None) -> LinkModel:
    """Return settings estimated on the seeds kept for it."""
    blank = LinkModel(dict.fromkeys(level_names(), 0.0), 0.0, 0.5, THRESHOLD, STATED, LEAST)
    sets = (make(seed, lines, records) for make in makers for seed in FIT_SEEDS)
    compared = [score(budgets, made, blank, threads)[0] for budgets, made in sets]
    weights, start = fit_weights(compared)
    return LinkModel(weights, start, linked_share(compared), THRESHOLD, STATED, LEAST)


def score(
    budgets: MadeBudgets, made: Sequence[MadeRecord], model: LinkModel, threads: int | None = None
) -> tuple[pd.DataFrame, int]:
    """Return the compared pairs with the column `true`, and the number of true links, compared or not.

    Notices are compared in chunks, as those of a store are.
    """
    linkage = Linkage([made.line for made in budgets.lines], budgets.offices, load_vocabulary(), model)
    notices = [record.notice for record in made]
    chunks = [linkage.score(notices[start : start + CHUNK], threads) for start in range(0, len(notices), CHUNK)]
    pairs = pd.concat(chunks, ignore_index=True)
    truth = {(key, record.notice.key) for record in made for key in record.truth}
    pairs["true"] = [pair in truth for pair in zip(pairs["line"], pairs["notice"], strict=True)]
    return pairs, len(truth)


def _quality(pairs: pd.DataFrame, true_links: int, threshold: float) -> str:
    chosen = pairs[pairs["probability"] >= threshold]
    right = int(chosen["true"].sum())
    return f"precision {right / max(len(chosen), 1):.1%}, recall {right / max(true_links, 1):.1%}"


def _echo_calibration(pairs: pd.DataFrame) -> None:
    click.echo("stated     pairs   stated mean   true")
    for low in range(0, 100, 10):
        tenth = pairs[(pairs["probability"] >= low / 100) & (pairs["probability"] < (low + 10) / 100 + (low == 90))]
        if len(tenth):
            mean, true = tenth["probability"].mean(), tenth["true"].mean()
            click.echo(f"{low:3}-{low + 10:3}%  {len(tenth):7}   {mean:10.1%}   {true:5.1%}")


def _echo_told(pairs: pd.DataFrame, stated: float) -> None:
    """Print what is told, which never exceeds `MOST_STATED`, by decile and by the parts of the last one."""
    click.echo("told       pairs     told mean   true")
    for low, high in ((stated, 0.95), (0.95, MOST_STATED), (MOST_STATED, 1.0), (stated, 1.0)):
        part = pairs[(pairs["probability"] >= low) & (pairs["probability"] < high + (high == 1.0))]
        if len(part):
            mean, true = part["probability"].clip(upper=MOST_STATED).mean(), part["true"].mean()
            title = f"{low:.0%}-{min(high, MOST_STATED):.0%}"
            click.echo(f"{title:8}  {len(part):7}   {mean:10.1%}   {true:5.1%}")


if __name__ == "__main__":
    main()
