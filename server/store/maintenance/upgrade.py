"""Stores whose figures were published without facts, and their conversion, all versions with their history.

A converted version has another content and so another address. Its catalogue says which address it had
(`dct:isReplacedBy`), and requests for the old address are redirected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from ontology.namespaces import DCT
from server.store.current_graphs import GENERATED, CurrentGraphs, catalogue_of, findings_of
from server.store.documents import write_document
from server.store.generation_store import GenerationStore, is_of_former_model
from server.store.maintenance.verification import recomputed_digest, versions_in
from server.store.triple_lines import Lines, as_lines, lines_to_triples, read_lines

IS_REPLACED_BY = NamedNode(DCT + "isReplacedBy")


@dataclass(frozen=True)
class FormerVersion:
    """A version as it is stored: its IRI and its disclosure's, its graph and its catalogue."""

    disclosure: str
    version: str
    triples: tuple[Triple, ...]
    catalogue: tuple[Triple, ...]


@dataclass(frozen=True)
class ConvertedVersion:
    """A version in the present model: the IRI of its disclosure, and its graph under the IRIs that it had.

    `renamed` maps IRIs that occur in all its graphs to those that replace them, written below the version as it was.
    """

    disclosure: str
    triples: tuple[Triple, ...]
    renamed: dict[str, str]


Convert = Callable[[FormerVersion], ConvertedVersion]


def upgrade_store(
    store: GenerationStore, convert: Convert, vocabulary: Iterable[Triple], rules: Iterable[Triple]
) -> dict[str, str]:
    """Convert all versions of a store into one new generation; return the new address of each old one.

    Nothing is done if the store is of the present model. Retractions, graphs of other writers and what they added to
    the default graph are kept. Raise what `GenerationStore.write` raises; the store then is as it was.
    """
    moved: dict[str, str] = {}
    documents: list[Path] = []
    with store.read() as folder:
        old = Store.read_only(str(folder))
        if not is_of_former_model(old, store.base):
            return {}

        def edit(new: Store, _: Path) -> bool:
            with CurrentGraphs(new, store.base) as graphs:
                graphs.replace_vocabulary(vocabulary)
                graphs.replace_rules(rules)
                for former in _oldest_first(old, store.base):
                    moved[former.version] = _publish(old, graphs, former, convert(former), store.base)
                    documents.extend(_keep_document(store, former.version, moved[former.version]))
                graphs.finish()
            new.extend(_other_quads(old, store.base, moved))
            return True

        try:
            store.write(edit, from_nothing=True)
        except BaseException:
            for document in documents:
                document.unlink(missing_ok=True)
            raise
    for version in moved.keys() - set(moved.values()):
        store.document_path(version).unlink(missing_ok=True)
    return moved


def _oldest_first(old: Store, base: str) -> Iterator[FormerVersion]:
    """The versions in the order of publication, those that are current last."""
    graphs = CurrentGraphs(old, base)

    def age(version: NamedNode) -> tuple[bool, str, str]:
        made = old.quads_for_pattern(version, GENERATED, None, catalogue_of(version))
        moment = max((q.object.value for q in made if isinstance(q.object, Literal)), default="")
        return graphs.is_current(version), moment, version.value

    for version in sorted(versions_in(old, graphs), key=age):
        yield FormerVersion(
            disclosure=version.value.rpartition("/v/")[0],
            version=version.value,
            triples=tuple(quad.triple for quad in old.quads_for_pattern(None, None, None, version)),
            catalogue=tuple(quad.triple for quad in old.quads_for_pattern(None, None, None, catalogue_of(version))),
        )


def _publish(old: Store, graphs: CurrentGraphs, former: FormerVersion, converted: ConvertedVersion, base: str) -> str:
    """Write a converted version with its catalogue and its findings; return its address."""
    kept = NamedNode(f"{converted.disclosure}/v/{former.version.rpartition('/')[2]}")
    renamed = {**converted.renamed, former.disclosure: converted.disclosure}
    stated = _renamed(as_lines(converted.triples), renamed, former.version, kept.value)
    version = NamedNode(f"{converted.disclosure}/v/{recomputed_digest(kept, stated, base)}")

    def final(lines: Lines) -> Iterator[Triple]:
        moved = _renamed(lines, renamed, former.version, kept.value)
        return lines_to_triples(_renamed(moved, {}, kept.value, version.value))

    about = NamedNode(former.disclosure)
    years = (t.object for t in converted.triples if t.subject == about and t.predicate == graphs.year)
    year = next(int(year.value) for year in years if isinstance(year, Literal))
    replaced = [Triple(NamedNode(former.version), IS_REPLACED_BY, version)] if former.version != version.value else []
    if former.disclosure != converted.disclosure:
        replaced.append(Triple(NamedNode(former.disclosure), IS_REPLACED_BY, NamedNode(converted.disclosure)))
    graphs.replace_version(
        NamedNode(converted.disclosure),
        year,
        version,
        final(as_lines(converted.triples)),
        [*final(as_lines(former.catalogue)), *replaced],
        final(read_lines(old, findings_of(NamedNode(former.version)))),
    )
    return version.value


def _renamed(lines: Lines, names: dict[str, str], before: str, after: str) -> Lines:
    """Return lines with IRIs replaced: whole IRIs by `names`, and the prefix `before` (a version) by `after`."""
    others = {name.encode(): other.encode() for name, other in names.items()}
    text = re.sub(rb"<([^<>]*)>", lambda iri: b"<" + others.get(iri[1], iri[1]) + b">", b"\n".join(lines))
    pattern = re.compile(rb"<" + re.escape(before.encode()) + rb"(?=[>/])")
    return Lines(pattern.sub(f"<{after}".encode(), text).split(b"\n")) if text else Lines()


def _other_quads(old: Store, base: str, versions: Iterable[str]) -> Iterator[Quad]:
    """Yield the quads that no publication wrote.

    These are graphs of other writers, retractions, and triples of the default graph that no published graph has.
    """
    written = {base + "def", base + "rules"}
    for version in versions:
        written |= {version, catalogue_of(NamedNode(version)).value, findings_of(NamedNode(version)).value}
    for graph in old.named_graphs():
        if graph.value not in written:
            yield from old.quads_for_pattern(None, None, None, graph)
    for quad in old.quads_for_pattern(None, None, None, DefaultGraph()):
        sources = old.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if not any(isinstance(s.graph_name, NamedNode) and s.graph_name.value in written for s in sources):
            yield quad


def _keep_document(store: GenerationStore, before: str, after: str) -> Iterator[Path]:
    """Keep the document of a version under its new address; yield its path if it is new."""
    known, path = store.document_path(before), store.document_path(after)
    if known.is_file() and not path.exists():
        yield path
        write_document(path, known.read_bytes())
