"""Labels in both languages for every IRI of the project in an answer: stored labels, otherwise derived ones.

Figures, sums, points and other parts of documents are labelled by the words printed beside them, related resources by
the resource they belong to, and all others by their class and the end of their address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ontology.messages import LANGUAGES, message
from ontology.namespaces import DCAT, DCT, FOAF, PROV, QB, RDF, RDFS, SH, SKOS, VOID
from server.execution.evaluator import Evaluator, select
from server.sparql.query_templates import fill_query, nodes

LABEL, TYPE = NamedNode(RDFS + "label"), RDF + "type"
NAMING = frozenset(
    {
        SKOS + "prefLabel",
        RDFS + "label",
        DCT + "title",
        FOAF + "name",
        "http://www.w3.org/2008/05/skos-xl#literalForm",
    }
)
RULES = "rules"
FIGURE = re.compile(r"(?P<figure>.+/id/disclosure/.+/v/[0-9a-f]{16}/(?P<place>[^/]+/[^/]+))(?P<sum>/sum.*)?")
VERSION = re.compile(r".+/id/disclosure/.+/v/(?P<digest>[0-9a-f]{16})")
LONGEST_WORDS = 80

Texts = dict[str, str]
"""The labels of a resource by language; "" for labels without a language."""


@dataclass(frozen=True, slots=True)
class LabelSource:
    """A property that links a resource without label to the resource that labels it, and the message for the label."""

    predicate: str
    message: str
    names_object: bool = False


def label_sources(base: str) -> tuple[LabelSource, ...]:
    """Return the label sources in order of precedence."""
    ours = base + "def#"
    return (
        LabelSource(ours + "claim", "label-point"),
        LabelSource(ours + "point", "label-point", names_object=True),
        LabelSource(ours + "coordinates", "label-coordinates", names_object=True),
        LabelSource(ours + "series", "label-series", names_object=True),
        LabelSource(QB + "dimension", "label-component"),
        LabelSource(QB + "measure", "label-component"),
        LabelSource(QB + "attribute", "label-component"),
        LabelSource(SH + "path", "label-constraint"),
        LabelSource(SH + "sparql", "label-constraint", names_object=True),
        LabelSource(SH + "property", "label-constraint", names_object=True),
        LabelSource(VOID + "class", "label-class-partition"),
        LabelSource(VOID + "property", "label-property-partition"),
        LabelSource(DCAT + "distribution", "label-download", names_object=True),
    )


async def labels_of(
    evaluator: Evaluator, base: str, triples: Iterable[Triple], graphs: tuple[NamedNode, ...] = ()
) -> list[Triple]:
    """Return the labels of all resources in these triples; `graphs` are as in `labels_beside`."""
    triples = tuple(triples)
    iris = {term.value for triple in triples for term in triple if isinstance(term, NamedNode)}
    given = await labels_beside(evaluator, base, iris, graphs)
    texts = texts_of((*triples, *given))
    left = sorted(iri for iri in iris if iri.startswith(base) and iri not in texts)
    places = {iri: match for iri in left if (match := FIGURE.fullmatch(iri))}
    words = await _printed_words(evaluator, base, {match["figure"] for match in places.values()}, graphs)
    made = {iri: _call_figure(match, words) for iri, match in places.items()}
    made |= {iri: _call_version(iri, match["digest"], triples) for iri in left if (match := VERSION.fullmatch(iri))}
    texts |= made
    tied = _call_by_ties(triples, [iri for iri in left if iri not in made], texts, base)
    made |= tied
    texts |= tied
    rest = [iri for iri in left if iri not in made]
    classes = await _classes(evaluator, base, [iri for iri in rest if iri.startswith(base + "id/")], graphs)
    made |= _call_by_class(triples, rest, texts, classes, base)
    labels = [
        Triple(NamedNode(iri), LABEL, Literal(text, language=language) if language else Literal(text))
        for iri, of in made.items()
        for language, text in of.items()
    ]
    return [*given, *labels]


async def labels_beside(
    evaluator: Evaluator, base: str, iris: Iterable[str], graphs: tuple[NamedNode, ...]
) -> list[Triple]:
    """Return the stored labels of IRIs: current ones, else those in the rules or in `graphs` of superseded versions."""
    wanted = nodes(iris)
    if not wanted:
        return []
    rows = await select(evaluator, fill_query("which_labels_do_these_things_have", things=wanted), base)
    named = {row["thing"] for row in rows}
    left = tuple(node for node in wanted if node not in named)
    if any(node.value.startswith(base + RULES) for node in left):
        graphs = (*graphs, NamedNode(base + RULES))
    if graphs and left:
        query = fill_query("which_labels_does_a_catalogue_give", graphs=graphs, things=left)
        rows += await select(evaluator, query, base)
    return [
        Triple(row["thing"], row["property"], row["value"])
        for row in rows
        if isinstance(row["thing"], NamedNode) and isinstance(row["property"], NamedNode)
    ]


def texts_of(triples: Iterable[Triple]) -> dict[str, Texts]:
    """Return the labels in the triples by resource: the first label in each language."""
    texts: dict[str, Texts] = {}
    for triple in triples:
        if triple.predicate.value in NAMING and isinstance(triple.object, Literal):
            of = texts.setdefault(_name(triple.subject), {})
            of.setdefault(triple.object.language or "", triple.object.value)
    return texts


def labelled(iri: str, key: str, of: Texts | None = None, **values: object) -> Iterator[Triple]:
    """Yield labels of a resource in both languages, from a message; `of` are the labels of a related resource."""
    for language, text in _called(key, of, **values).items():
        yield Triple(NamedNode(iri), LABEL, Literal(text, language=language))


async def _printed_words(
    evaluator: Evaluator, base: str, figures: Iterable[str], graphs: tuple[NamedNode, ...]
) -> Mapping[str, str]:
    """Return the words beside and above each figure, and the figure as printed."""
    wanted = nodes(figures)
    if not wanted:
        return {}
    query = fill_query("which_words_stand_at_figures", figures=wanted)
    # Figures stand in the graph of their version alone. Several graphs would be copied into one for a query.
    of_versions = [graph.value for graph in graphs if VERSION.fullmatch(graph.value)]
    words: dict[str, str] = {}
    for row in await select(evaluator, query, base, default_graphs=of_versions):
        parts = [row[name].value.strip() for name in ("row", "column", "printed") if name in row]
        words.setdefault(row["figure"].value, " ".join(part for part in parts if part)[:LONGEST_WORDS])
    return words


async def _classes(
    evaluator: Evaluator, base: str, things: Iterable[str], graphs: tuple[NamedNode, ...]
) -> Mapping[str, Texts]:
    """Return the labels of the classes of resources that the answer does not describe."""
    wanted = nodes(things)
    if not wanted:
        return {}
    if graphs:
        query = fill_query("what_are_the_classes_of_parts_of_a_version_called", graphs=graphs, things=wanted)
    else:
        query = fill_query("what_are_the_classes_of_these_called", things=wanted)
    found: dict[str, Texts] = {}
    for row in await select(evaluator, query, base):
        label = row["label"]
        if isinstance(label, Literal):
            found.setdefault(row["thing"].value, {}).setdefault(label.language or "", label.value)
    return found


def _call_figure(match: re.Match[str], words: Mapping[str, str]) -> Texts:
    """Return the label of a figure from its words and place; for a sum from the figure that is its total."""
    key = "label-sum" if match["sum"] else "label-printed"
    return _called(key, words=words.get(match["figure"], ""), place=match["place"])


def _call_version(iri: str, digest: str, triples: Iterable[Triple]) -> Texts:
    """Return the label of a version from its digest and its date, if the answer has the date."""
    days = {
        triple.object.value.partition("T")[0]
        for triple in triples
        if triple.subject == NamedNode(iri)
        and triple.predicate.value in (PROV + "generatedAtTime", DCT + "issued")
        and isinstance(triple.object, Literal)
    }
    return _called("label-version", digest=digest, day=min(days, default=""))


def _call_by_ties(
    triples: Iterable[Triple], left: Iterable[str], texts: Mapping[str, Texts], base: str
) -> dict[str, Texts]:
    """Return the labels of resources linked to a labelled resource, in two passes for links over another resource."""
    ties, waiting = {tie.predicate: (rank, tie) for rank, tie in enumerate(label_sources(base))}, set(left)
    found: dict[str, tuple[int, str, LabelSource]] = {}
    for triple in triples:
        if triple.predicate.value in ties and isinstance(triple.object, NamedNode):
            rank, tie = ties[triple.predicate.value]
            subject, value = _name(triple.subject), triple.object.value
            thing, other = (value, subject) if tie.names_object else (subject, value)
            if thing in waiting and (thing not in found or (rank, other) < found[thing][:2]):
                found[thing] = rank, other, tie
    called: dict[str, Texts] = {}
    for _ in range(2):
        for thing, (_, other, tie) in found.items():
            of = texts.get(other) or called.get(other) or _foreign(other)
            if of and thing not in called:
                called[thing] = _called(tie.message, name=_end(thing, base), of=of)
    return called


def _call_by_class(
    triples: Iterable[Triple],
    left: Iterable[str],
    texts: Mapping[str, Texts],
    known: Mapping[str, Texts],
    base: str,
) -> dict[str, Texts]:
    """Return labels of the remaining resources: the class, if known, and the prefix or the end of the address."""
    waiting = set(left)
    classes: dict[str, str] = {}
    ends: dict[str, str] = {}
    for triple in triples:
        thing = _name(triple.subject)
        if thing not in waiting:
            continue
        if triple.predicate.value == SH + "prefix" and isinstance(triple.object, Literal):
            ends[thing] = f"{triple.object.value}:"
        elif triple.predicate.value == TYPE and isinstance(triple.object, NamedNode) and triple.object.value in texts:
            classes[thing] = triple.object.value
    called: dict[str, Texts] = {}
    for thing in sorted(waiting):
        end = ends.get(thing) or _end(thing, base)
        of = known.get(thing) or texts.get(classes.get(thing, ""), {})
        called[thing] = {language: f"{_in(of, language)} {end}" for language in LANGUAGES} if of else {"": end}
    return called


def _called(key: str, of: Texts | None = None, **values: object) -> Texts:
    """Return a message of labels in both languages; `of` are the labels of a related resource."""
    own = {language: {"of": _in(of, language)} if of else {} for language in LANGUAGES}
    return {language: message(key, language, **values, **own[language]).strip() for language in LANGUAGES}


def _in(texts: Texts, language: str) -> str:
    """Return the text in a language, else in Chinese, else in any."""
    return texts.get(language) or texts.get("zh") or next(iter(texts.values()), "")


def _foreign(iri: str) -> Texts:
    """Return the local name of a term from a vocabulary that the store does not hold."""
    return {"": re.split("[/#]", iri.rstrip("/#"))[-1]}


def _end(iri: str, base: str) -> str:
    """Return the last segment of an address."""
    return re.split("[/#]", iri.removeprefix(base).rstrip("/#"))[-1] or iri


def _name(term: NamedNode | BlankNode | Triple) -> str:
    return "" if isinstance(term, Triple) else term.value
