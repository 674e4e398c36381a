"""What amounts are of that no table is compared with: assets, guests, evaluated projects, items of two meanings."""

from __future__ import annotations

from collections.abc import Mapping

from converters.narrative.paragraphs import Sentence
from converters.narrative.statements.draft_statements import AMOUNT, CHANGE, DraftStatement
from converters.narrative.statements.figure_roles import FigureRole
from converters.narrative.subject_coordinates import SubjectMeaning
from converters.narrative.tokens import FIGURES, PROJECT, UNKNOWN
from ontology.narrative_words import bare

ASSETS, EVALUATED = "code/scope/state-assets", "code/scope/evaluated"
_GUESTS = {
    "guests-at-home": "code/scope/reception-domestic",
    "guests-from-abroad": "code/scope/reception-foreign-affairs",
}
_PLACED = frozenset({"function", "economic", "project", "fund"})
_STOPS = FIGURES | {"semicolon", "stop"}
_DIVIDERS = "。；，：:;,!?！？"
_SHORTEST_NAME, _LONGEST_NAME, _LONGEST_REST = 4, 40, 4
Signs = Mapping[str, tuple[str, ...]]


def unplaced_subject(
    role: FigureRole, reading: SubjectMeaning, before: DraftStatement | None, sentence: Sentence, signs: Signs
) -> tuple[dict[str, str], str]:
    """Return the coordinates and the name of what an amount is of, empty where that is none of these."""
    if role.measure not in (AMOUNT, CHANGE):
        return {}, ""
    if _is_of_assets(role, reading, before, sentence, signs):
        return {"scope": ASSETS}, ""
    if guests := _guests(_said(role, sentence), signs):
        return {"scope": guests}, ""
    project = evaluated_project(role, reading, sentence, signs)
    return ({"scope": EVALUATED, "kind": PROJECT}, project) if project else ({}, "")


def item_of_two_meanings(role: FigureRole, reading: SubjectMeaning) -> dict[str, str]:
    """Return the scope of an item that is an economic class as well (会议费), where words name nothing else unclear."""
    token = reading.unclear
    if token is None or token.word is None or any(t.sort == UNKNOWN for t in role.subject):
        return {}
    meanings = token.word.meanings
    scopes = [dict(m) for m in meanings if m.keys() == {"scope"}]
    items = [m for m in meanings if m.keys() == {"economic"}]
    placed = not reading.coordinates.keys().isdisjoint({"scope", "economic"})
    return scopes[0] if len(scopes) == 1 and len(scopes) + len(items) == len(meanings) and not placed else {}


def _said(role: FigureRole, sentence: Sentence) -> str:
    """The words before a figure, since the figure, semicolon or full stop before it."""
    begin = max((t.end for t in sentence.tokens if t.sort in _STOPS and t.end <= role.figure.start), default=0)
    return bare(sentence.paragraph.text[max(begin, sentence.start) : role.figure.start])


def _is_of_assets(
    role: FigureRole, reading: SubjectMeaning, before: DraftStatement | None, sentence: Sentence, signs: Signs
) -> bool:
    """Whether an amount is what state assets are worth: 固定资产9万元, and those in its sentence (车辆3万元).

    What was bought, spent or earned (购置固定资产9万元, 资产处置收入3万元) is none, nor is anything behind it.
    """
    said = _said(role, sentence)
    beside = before is not None and before.sentence is sentence and before.own.get("scope") == ASSETS
    named = any(sign in said for sign in signs["asset"])
    placed = reading.coordinates.keys() & _PLACED
    return not placed and (named or beside) and not any(sign in said for sign in signs["outlay"])


def _guests(said: str, signs: Signs) -> str | None:
    """The scope of what was spent on guests: 国内公务接待支出; none for other guests (其他国内公务接待支出)."""
    for name, scope in _GUESTS.items():
        for label in signs[name]:
            before = said.removesuffix(label)
            if before != said and not before.endswith(signs["rest"]):
                return scope
    return None


def _is_of_phase(role: FigureRole, reading: SubjectMeaning) -> bool:
    """Whether words name a phase and nothing else: 全年预算数, 执行数."""
    known = not any(t.sort == UNKNOWN for t in role.subject)
    return known and "phase" in reading.coordinates and reading.coordinates.keys() <= {"phase", "year"}


def evaluated_project(role: FigureRole, reading: SubjectMeaning, sentence: Sentence, signs: Signs) -> str:
    """Return the name of the project whose result a paragraph has told before an amount of a phase, empty if none.

    信息化项目自评得分95分。全年预算数为9万元，执行数为8万元.
    """
    if not _is_of_phase(role, reading):
        return ""
    text = "".join(sentence.paragraph.text[: role.figure.start].split())
    at = max(text.rfind(sign) for sign in signs["evaluation-result"])
    clause = text[max(text.rfind(d, 0, max(at, 0)) for d in _DIVIDERS) + 1 : max(at, 0)].strip("“”\"'")
    end = max((clause.rfind(word) + len(word) for word in signs["project-word"] if word in clause), default=0)
    name = clause[:end].replace("”", "").replace("“", "").lstrip("0123456789.、（）()一二三四五六七八九十")
    return name if _SHORTEST_NAME <= len(name) <= _LONGEST_NAME and len(clause) - end <= _LONGEST_REST else ""
