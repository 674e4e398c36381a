"""The store: versions of disclosures are published into it, generation by generation.

current, gen/, lock              see `server.store.generations`
gen/7/vocabulary.sha256          which vocabulary the generation was last given, if nobody else wrote since
documents/<version digest>.json  each version's document as it was printed
"""

import contextlib
import hashlib
import shutil
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyoxigraph import NamedNode, Store, Triple

from ontology.namespaces import DEFAULT_BASE
from ontology.register import LEVELS
from server.errors import (
    NothingToRetractError,
    StoreBaseError,
    StoreMissingError,
    StoreModelError,
    StoreNotWrittenError,
)
from server.store.current_graphs import TYPE, CurrentGraphs
from server.store.digests import is_attested
from server.store.documents import write_document
from server.store.generations import Generations
from server.store.published_store import PublishedStore, open_generation
from server.store.remote.addresses import is_service
from server.store.triple_lines import as_lines, as_stored, insert, read_lines, remove

VOCABULARY_DIGEST = "vocabulary.sha256"


@dataclass(frozen=True)
class VersionGraphs:
    """A version to publish: its IRI and its disclosure's, the year, its three graphs, its document as JSON."""

    disclosure: str
    version: str
    year: int
    triples: Iterable[Triple]
    catalogue: Iterable[Triple]
    findings: Iterable[Triple]
    document_json: bytes


def is_of_former_model(store: Store, base: str) -> bool:
    """Return whether figures were published as the observations of the cube, without facts, or facts without levels."""
    point, fact, level = (NamedNode(f"{base}def#{name}") for name in ("Point", "Fact", "level"))
    if next(store.quads_for_pattern(None, TYPE, point, None), None) is not None:
        return True
    levels = [NamedNode(f"{base}{LEVELS}{name}") for name in ("department", "unit")]
    levelled = any(next(store.quads_for_pattern(None, level, value, None), None) is not None for value in levels)
    return not levelled and next(store.quads_for_pattern(None, TYPE, fact, None), None) is not None


class GenerationStore:
    """A store on disk, in a folder that need not exist yet, whose IRIs begin with `base`.

    `flaws` are what its engine cannot do, as found in a SPARQL service; nothing for a folder. `is_remote` tells whether
    it stands in a service.
    """

    is_remote = False

    def __init__(self, path: Path | str, base: str = DEFAULT_BASE) -> None:
        self.path = Path(path)
        self.base = base
        self.generations = Generations(self.path)
        self.flaws: list[str] = []

    def require_base(self) -> None:
        """Raise StoreBaseError if the store was made with another base."""
        made = self.generations.base()
        if made and made != self.base:
            raise StoreBaseError(path=self.path, made=made, asked=self.base)

    def require_model(self) -> None:
        """Raise StoreModelError if the store was published without facts and `yusuan upgrade` must convert it first."""
        if self.generations.pointer.exists():
            with self.read() as folder:
                if is_of_former_model(Store.read_only(str(folder)), self.base):
                    raise StoreModelError(path=self.path)

    def current(self) -> Path:
        """Return the database that is served now; raises StoreMissingError before the first publication."""
        return self.generations.current()

    def read(self) -> contextlib.AbstractContextManager[Path]:
        """Return the database that is served now, kept from removal until the block ends."""
        return self.generations.read()

    @contextlib.contextmanager
    def open(self) -> Iterator[PublishedStore]:
        """Open the current generation for reading, kept from removal until the block ends; raises StoreBaseError."""
        self.require_base()
        with self.read() as folder:
            yield open_generation(folder)

    def document_path(self, version: str) -> Path:
        """Return where the document of a version (its IRI) is kept."""
        return self.path / "documents" / f"{version.rsplit('/', 1)[-1]}.json"

    def publish(
        self,
        versions: Iterable[VersionGraphs],
        vocabulary_triples: Iterable[Triple],
        rules_triples: Iterable[Triple],
    ) -> Path:
        """Make the versions the current ones of their disclosures; returns the database then served.

        The versions are taken one by one, so that any number can be made as they are needed. Publishing what is there
        already changes nothing. Raises what `write` raises, ValueError for a version whose graph does not declare it;
        then no document is left behind.
        """
        vocabulary = tuple(vocabulary_triples)
        digest = hashlib.sha256(b"\n".join(sorted(as_lines(vocabulary)))).hexdigest()

        new_documents: list[Path] = []

        def edit(store: Store, folder: Path) -> bool:
            with CurrentGraphs(store, self.base) as graphs:
                if self._known_vocabulary() != digest:
                    graphs.replace_vocabulary(vocabulary)
                graphs.replace_rules(rules_triples)
                for version in versions:
                    new_documents.extend(self.keep_document(version.version, version.document_json))
                    graphs.replace_version(
                        NamedNode(version.disclosure),
                        version.year,
                        NamedNode(version.version),
                        version.triples,
                        version.catalogue,
                        version.findings,
                    )
                graphs.finish()
            (folder / VOCABULARY_DIGEST).write_text(digest, encoding="ascii")
            return graphs.changed

        self.require_base()
        self.require_model()
        before = self._served()
        try:
            return self.write(edit, attested=True)
        except BaseException:
            if self._served() == before:
                for document in new_documents:
                    document.unlink(missing_ok=True)
            raise

    def retract(self, iri: str, moment: datetime) -> list[str]:
        """Take a version, or all versions of a disclosure, out of the store; returns which.

        Their documents are removed once that is on the disk. Raises what `write` raises, NothingToRetractError.
        """
        retracted: list[str] = []

        def edit(store: Store, _: Path) -> bool:
            graphs = CurrentGraphs(store, self.base)
            thing = NamedNode(iri)
            versions = [thing] if store.contains_named_graph(thing) else graphs.versions_of(thing)
            if not versions:
                raise NothingToRetractError(iri=iri)
            for version in versions:
                graphs.retract(version, moment)
                retracted.append(version.value)
            graphs.finish()
            return True

        try:
            self.write(edit, attested=True)
        except ValueError as error:
            raise NothingToRetractError(iri=iri) from error
        for version in retracted:
            self.document_path(version).unlink(missing_ok=True)
        return retracted

    def replace_graph(self, graph: str, triples: Iterable[Triple]) -> Path:
        """Make these the triples of a named graph outside the default graph; returns the database then served.

        Writing what is there already changes nothing. Raises what `write` raises.
        """
        name, after = NamedNode(graph), as_stored(as_lines(triples))

        def edit(store: Store, _: Path) -> bool:
            before = read_lines(store, name)
            remove(store, before - after, name)
            insert(store, after - before, name)
            return before != after

        return self.write(edit)

    def write(
        self,
        edit: Callable[[Store, Path], bool],
        before_the_end: Callable[[], None] = lambda: None,
        from_nothing: bool = False,
        attested: bool = False,
    ) -> Path:
        """Make one more generation: `edit` is given the copied database and its folder, and says whether it changed it.

        With `from_nothing` the database is empty instead. `attested` says that `edit` writes nothing but versions,
        so that the generation is attested if the one before is (see `server.store.digests`).

        When this returns everything is on the disk; when it is interrupted, everything is as it was before.
        `before_the_end` is called when the generation is written and about to become the current one. Returns the
        database then served. Raises StoreLockedError while another process writes, StoreNotWrittenError when the system
        does not take what is written, as when the disk is full.
        """
        self.require_base()
        try:
            with self.generations.publishing():
                unfinished = self.generations.unfinished()
                try:
                    if self._edit_copy(unfinished, edit, from_nothing):
                        before_the_end()
                        self.generations.remember_base(self.base)
                        attested = attested and (self._served() is None or is_attested(self.current()))
                        return self.generations.finish(unfinished, attested)
                    return self.current()
                except BaseException as error:
                    traceback.clear_frames(error.__traceback__)  # they hold the database open
                    raise
                finally:
                    shutil.rmtree(unfinished, ignore_errors=True)
        except OSError as error:
            raise StoreNotWrittenError(path=self.path, reason=error.strerror or error) from error

    def _edit_copy(self, folder: Path, edit: Callable[[Store, Path], bool], from_nothing: bool) -> bool:
        """Write the next generation; whether it is to be served. The database is closed at the end."""
        is_first = not self.generations.pointer.exists()
        if not (is_first or from_nothing):
            Store.read_only(str(self.current())).backup(str(folder))
        store = Store(str(folder))
        changed = edit(store, folder)
        store.flush()
        return changed or is_first

    def _known_vocabulary(self) -> str:
        """Return the digest of the vocabulary that the current generation was given; nothing if others wrote since."""
        with contextlib.suppress(FileNotFoundError, StoreMissingError):
            return (self.current() / VOCABULARY_DIGEST).read_text(encoding="ascii")
        return ""

    def _served(self) -> Path | None:
        return self.current() if self.generations.pointer.exists() else None

    def keep_document(self, version: str, content: bytes) -> Iterator[Path]:
        """Keep the document of a version, which like the version never changes; yield its path if it is new."""
        path = self.document_path(version)
        if not path.exists():
            yield path
            write_document(path, content)


def open_store(path: Path | str, base: str = DEFAULT_BASE) -> GenerationStore:
    """Return the store in a folder, or in the service of which a settings file gives the addresses.

    Raises ServiceAddressError for a file that gives none, StoreUnreachableError.
    """
    if not is_service(Path(path)):
        return GenerationStore(path, base)
    from server.store.remote.service_store import ServiceStore  # here, because only services need its library

    store = ServiceStore(Path(path), base)
    store.refresh()
    return store
