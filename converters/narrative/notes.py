"""Notes: why a figure has changed and what money is for, as text and with the amounts that they give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from converters.narrative.clause_state import ClauseState
from converters.narrative.statements.changes_of_wholes import is_whole_of
from converters.narrative.statements.draft_statements import AMOUNT, CHANGE, CHANGE_RATE, CHANGES, DraftStatement
from converters.narrative.statements.figure_roles import FigureRole, find_roles
from converters.narrative.statements.statement_building import StatementBuilder
from converters.narrative.subject_coordinates import reason_direction
from converters.narrative.tokens import FIGURES, Lexicon, Token
from ontology.narrative_words import bare

_ENDS = frozenset({"comma", "enumeration", "semicolon", "colon", "open", "close", "of-which", "as-follows"})


def add_reason(
    words: Sequence[Token],
    text: str,
    whole: bool,
    main: bool,
    builder: StatementBuilder,
    state: ClauseState,
    lexicon: Lexicon,
) -> None:
    """Add a reason to the latest changes, and the changes that it names, as statements compared with no table.

    `whole` is False if the note goes on after these words, `main` is True if it gives the main reasons only. Otherwise
    the named changes explain a change if each has an amount. What stands behind 其中 is part of a reason before it.
    A reason behind a list of changes (增加3万元，其中甲增加5万元，乙减少2万元，原因是…) is that of the change of all or
    of the last: of those that go its way; where it speaks of neither way, of both.
    """
    said = reason_direction(text, lexicon.phrases) if whole else None
    changes, around = builder.changes, _changes_around(words[0], said, builder, state) if whole else []
    alike = [change for change in (*changes, *around) if change.direction == said]
    for change in (alike or around) if around and said is not None else (*changes, *around):
        change.reason, change.reason_direction = text, said
    before = builder.current, builder.focus
    parts: list[DraftStatement] = []
    open_ended = any(label in bare(text) for label in lexicon.phrases.signs["and-so-on"])
    inside = _begin_of_parts(words)
    direction, complete = None, whole and not main and not open_ended and inside == inf
    for clause in _clauses(words):
        if not any(token.sort in FIGURES for token in clause):
            complete = complete and not any(token.word is None for token in clause)
            continue
        for role in find_roles(clause, direction):
            direction = role.direction or direction
            draft = _add(role, clause, parts, builder, state)
            if draft is not None and draft.measure == CHANGE and _is_net(role.figure, state, lexicon):
                draft.like = next((change for change in changes if change.measure == CHANGE), None)
            elif draft is not None and draft.measure == CHANGE and role.figure.start < inside:
                parts.append(draft)
            elif draft is None or draft.measure == AMOUNT:
                complete = False
    for change in changes:
        if change.measure == CHANGE and len(parts) > 1 and not around:
            change.reasons, change.explained = parts, complete
    builder.current, builder.focus = before
    builder.changes = changes


def _changes_around(
    reason: Token, said: str | None, builder: StatementBuilder, state: ClauseState
) -> list[DraftStatement]:
    """The changes of a whole whose parts stand between them and a reason, none of them with a reason of its own.

    Behind semicolons, a reason is that of the last part, unless it speaks of the way that only the whole goes (`said`)
    or has a sentence of its own.
    """
    alone = not any(t.sort in FIGURES and t.end <= reason.start for t in state.sentence.tokens)
    whole, top = _whole_changed(alone, builder, state), builder.enumerations.top
    if whole is None or whole in builder.changes or top.bracket:
        return []
    listed = builder.drafts[builder.drafts.index(whole) + 1 :]
    if any(d.reason is not None for d in (whole, *listed)):
        return []
    between = {t.sort for t in state.sentence.tokens if whole.token.end <= t.start < reason.start}
    if not alone and "semicolon" in between:
        own = any(change.direction == said for change in builder.changes)
        if top.whole is not whole.owner or said is None or whole.direction != said or own:
            return []
    alike = (d for d in listed if d.sentence is whole.sentence and d.measure in CHANGES and d.against == whole.against)
    return [whole, *(d for d in alike if d.owner is whole.owner)]


def _whole_changed(alone: bool, builder: StatementBuilder, state: ClauseState) -> DraftStatement | None:
    """The change of the whole of a list before a reason: in its sentence, or before one that is a list or a reason."""
    whole, sentence = state.explained, state.sentence
    if whole is not None and whole.sentence is sentence:
        return whole
    if not builder.changes or not (alone or sentence.tokens[0].sort == "of-which"):
        return None
    part = builder.changes[-1].owner
    near = [d for d in builder.drafts if d.sentence.paragraph is sentence.paragraph and d.measure == CHANGE]
    return next((d for d in reversed(near) if is_whole_of(part, d.owner, builder.hierarchy)), None)


def add_purpose(words: Sequence[Token], builder: StatementBuilder, state: ClauseState) -> None:
    """Add the amounts that a purpose names, as statements compared with no table but for economic items.

    In 人员经费424.86万元，主要包括：基本工资106.22万元, the item is that of the amount before it.
    """
    before = builder.current, builder.focus, builder.changes
    for clause in _clauses(words):
        for role in find_roles(clause):
            draft = _add(role, clause, [], builder, state)
            about = builder.focus
            if draft is not None and about is not None and _names_one(role, state, builder.lexicon):
                draft.compared = builder.is_item_of(draft, about)
    builder.current, builder.focus, builder.changes = before


def _names_one(role: FigureRole, state: ClauseState, lexicon: Lexicon) -> bool:
    """Whether the words of a figure name one thing only: neither 办公费、印刷费等5万元 nor 办公费等5万元."""
    if len(role.subject) != 1:
        return False
    between = bare(state.sentence.paragraph.text[role.subject[0].end : role.figure.start])
    return not any(label in between for label in lexicon.phrases.signs["and-so-on"])


def _is_net(figure: Token, state: ClauseState, lexicon: Lexicon) -> bool:
    """Whether a change is what the reasons before it come to: 增减相抵后增加20万元."""
    begin = max((t.end for t in state.sentence.tokens if t.sort in FIGURES and t.end <= figure.start), default=0)
    words = bare(state.sentence.paragraph.text[begin : figure.start])
    return any(sign in words for sign in lexicon.phrases.signs["netting"])


def _begin_of_parts(words: Sequence[Token]) -> float:
    """The offset of the words behind a figure that give parts of a reason: 上划减少5万元，其中车辆费减少3万元."""
    figure = next((t.end for t in words if t.sort in FIGURES), inf)
    return next((t.start for t in words if t.sort == "of-which" and t.start >= figure), inf)


def _clauses(words: Sequence[Token]) -> Iterator[list[Token]]:
    """The words between punctuation; an enumeration comma divides behind a figure only."""
    clause: list[Token] = []
    for token in words:
        figured = any(t.sort in FIGURES for t in clause)
        if token.sort in _ENDS and (token.sort != "enumeration" or figured):
            if clause:
                yield clause
            clause = []
        elif token.sort != "enumeration":
            clause.append(token)
    if clause:
        yield clause


def _add(
    role: FigureRole,
    clause: Sequence[Token],
    parts: Sequence[DraftStatement],
    builder: StatementBuilder,
    state: ClauseState,
) -> DraftStatement | None:
    """Add a figure of a note; a rate without words of its own is that of the change before it."""
    if role.measure not in (AMOUNT, CHANGE, CHANGE_RATE):
        builder.report([role.figure], clause, state)
        return None
    draft = builder.add_part(role, state)
    if role.measure == CHANGE_RATE and not role.subject and parts:
        draft.like = parts[-1]
    return draft
