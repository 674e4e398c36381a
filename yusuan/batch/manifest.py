"""What a run has done already: the digests of files and settings, so that the same work is not done twice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from converters import DocumentError
from converters.readers.archives import read_bytes
from yusuan.batch.jobs import Job, Outcome

NAME = "manifest.jsonl"


def job_digest(job: Job) -> str | None:
    """The digest of a job's files and of all that its output depends on; None if a file cannot be read."""
    digest = hashlib.sha256()
    settings: list[object] = [version("yusuan"), job.action, job.suffix, job.base, *job.stated, asdict(job.checks)]
    stated = [asdict(job.publications.of(Path(file))) for file in job.files]
    settings += [stated] if any(filter(None, (value for each in stated for value in each.values()))) else []
    digest.update(json.dumps(settings).encode())
    known = sorted(Path(job.codes).rglob("*")) if job.codes else []
    if job.checks.store is not None:
        known.append(Path(job.checks.store) / "current")  # names the generation
    named = map(Path, (*job.files, *job.registers, *job.checks.shapes))
    try:
        for path in (*named, *filter(Path.is_file, known)):
            digest.update(hashlib.sha256(read_bytes(path)).digest())
    except DocumentError:
        return None
    return digest.hexdigest()


class Manifest:
    """A file of one line for each job done, in the folder of the outputs; lines that were cut off are left out."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._done: dict[str, dict[str, object]] = {}
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                try:
                    entry = json.loads(line)
                    self._done[entry["digest"]] = entry
                except (ValueError, KeyError, TypeError):
                    continue

    def outcome(self, digest: str | None, files: tuple[str, ...], output: Path | None) -> Outcome | None:
        """The outcome of the same job in an earlier run, None if there is none or its output is gone.

        The output of half a disclosure may be gone, because that of the whole has taken its place.
        """
        entry = self._done.get(digest or "")
        if entry is None or (output is not None and not output.exists() and not entry["missing"]):
            return None
        known = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
        known.pop("digest")
        return Outcome(**(known | {"files": files}))  # type: ignore[arg-type]

    def add(self, digest: str | None, outcome: Outcome) -> None:
        """Note the outcome of a job; a failed one is tried again by the next run."""
        if digest is None or outcome.failed:
            return
        entry = {
            "digest": digest,
            "files": outcome.files,
            "verdict": outcome.verdict,
            "seconds": round(outcome.seconds, 3),
            "organisation": outcome.organisation,
            "year": outcome.year,
            "phase": outcome.phase,
            "disclosure": outcome.disclosure,
            "figures": outcome.figures,
            "issues": outcome.issues,
            "violations": outcome.violations,
            "warnings": outcome.warnings,
            "missing": outcome.missing,
            "kinds": outcome.kinds,
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
