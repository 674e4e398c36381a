"""HTML of the figures of a disclosure, in tables and sentences: most of its page, for which templates take long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count, repeat

from server.pages.disclosure.findings import FindingView, Mistake
from server.pages.disclosure.narrative import Claim, Fragment
from server.pages.disclosure.printed_tables import PrintedCell, PrintedRow
from server.pages.page_context import Html, PageContext, quoted

SYMBOLS = {"violation": "✕", "warning": "▲", "information": "●"}


def severity_symbol(severity: str) -> Html:
    """Return the symbol of a severity, which an earlier report may have given in other words: then without one."""
    return Html(f'<span class="symbol {quoted(severity)}" aria-hidden="true">{SYMBOLS.get(severity, "")}</span>')


def findings_attribute(findings: Sequence[FindingView]) -> Html:
    """Return the attribute that tells which findings an element is about, for lighting them up together."""
    return Html(f' data-findings="{" ".join(finding.id for finding in findings)}"' if findings else "")


@dataclass(frozen=True)
class CellWriter:
    """Writes the cells of one page. Figures of a published disclosure are linked to their pages and to their points."""

    context: PageContext
    is_published: bool
    messages: dict[str, str] = field(default_factory=dict)
    marks: dict[tuple[str, ...], Html] = field(default_factory=dict)

    def rows(self, rows: Iterable[PrintedRow]) -> Html:
        """Return the HTML of rows; the marks of a row stand in its first cell."""
        return Html("\n".join(map(self._row, rows)))

    def _row(self, row: PrintedRow) -> str:
        marked = f' class="marked {row.findings[0].severity}"{findings_attribute(row.findings)}' if row.findings else ""
        first = self.finding_marks(row.findings)
        cells = "".join([self.cell(cell, "" if place else first) for place, cell in enumerate(row.cells)])
        return f'<tr id="{row.anchor}"{marked}>{cells}</tr>'

    def cell(self, cell: PrintedCell, before: str = "") -> str:
        """Return the HTML of a cell, with the marks of what was found about it behind those `before`."""
        tag = "th" if cell.scope else "td"
        classes, text = cell.classes, quoted(cell.text)
        anchor = f' id="{cell.anchor}"' if cell.anchor else ""
        scope = f' scope="{cell.scope}"' if cell.scope else ""
        named = f' class="{classes}"' if classes else ""
        rows = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        columns = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        title = f' title="{self._message("unconverted")}"' if cell.role == "number" else ""
        if cell.figure and self.is_published:
            text = f'<a href="{quoted(self.context.href(cell.figure) or "")}">{text}</a>{self.point_link(cell.point)}'
        about, after = "", ""
        if not cell.is_plain:
            about = findings_attribute(cell.findings)
            before += self._mistake_mark(cell.mistake, cell.should_be) + self.finding_marks(cell.findings)
            if cell.flags:
                notes = self._flag_notes(cell.flags)
                title = f' title="{notes}"'
                after = f'<span class="visually-hidden" lang="{self.context.language}"> ({notes})</span>'
        return f"<{tag}{anchor}{scope}{named}{rows}{columns}{about}{title}>{before}{text}{after}</{tag}>"

    def claims(self, fragment: Fragment) -> Html:
        """Return the HTML of a figure in a sentence; further claims of the same words follow as numbers."""
        claims = "".join(map(self._claim, repeat(fragment.text), count(1), fragment.claims))
        return Html(f'<span class="claimed">{claims}</span>')

    def _claim(self, words: str, number: int, claim: Claim) -> str:
        names = [f"marked {claim.findings[0].severity}"] if claim.findings else []
        names += ["suspect"] if claim.mistake else []
        named = f' class="{" ".join(names)}"' if names else ""
        marks = self._mistake_mark(claim.mistake, None) + self.finding_marks(claim.findings)
        shown = quoted(words) if number == 1 else str(number)
        if self.is_published:
            label = "" if number == 1 else f' aria-label="{quoted(words)} {number}"'
            href = quoted(self.context.href(claim.iri) or "")
            shown = f'<a class="figure" href="{href}"{label}>{shown}</a>{self.point_link(claim.point)}'
        elif number > 1:
            shown = ""
        return f'<span id="{claim.anchor}"{named}{findings_attribute(claim.findings)}>{marks}{shown}</span>'

    def finding_marks(self, findings: Sequence[FindingView]) -> Html:
        """Return a symbol for each severity of findings, with their number and words, linked to the first."""
        if not findings:
            return Html()
        key = tuple(finding.id for finding in findings)
        if key not in self.marks:
            self.marks[key] = Html(
                "".join(
                    self._mark(severity, [finding for finding in findings if finding.severity == severity])
                    for severity in sorted({finding.severity for finding in findings})
                )
            )
        return self.marks[key]

    def _mark(self, severity: str, same: Sequence[FindingView]) -> str:
        words = f"{self._message(f'severity-{severity}')}: " + quoted("\n".join(f.message for f in same))
        number = f'<sub aria-hidden="true">{len(same)}</sub>' if len(same) > 1 else ""
        return (
            f'<a class="mark {severity}" href="#{same[0].anchor}" title="{words}" aria-label="{words}">'
            f"{severity_symbol(severity)}{number}</a>"
        )

    def _mistake_mark(self, mistake: Mistake | None, should_be: str | None) -> str:
        if mistake is None:
            return ""
        words = self._message("mistake-here")
        if should_be is not None:
            words += f" {self._message('mistake-should-be')} {quoted(should_be)}"
        return f'<a class="mark suspect" href="#{mistake.anchor}" title="{words}" aria-label="{words}">✎</a>'

    def _flag_notes(self, flags: Sequence[str]) -> str:
        """What was withheld from a cell or repaired in it, in words."""
        keys = [(flag, f"flag-{flag}") for flag in flags]
        words = [self._message(key) if self.context.has_message(key) else quoted(flag) for flag, key in keys]
        return self._message("names-separator").join(words)

    def point_link(self, point: str | None) -> Html:
        """Return the link from a figure to its point, empty if it has none."""
        if not point:
            return Html()
        title, href = self._message("point-title"), quoted(self.context.href(point) or "")
        return Html(f'<a class="point" href="{href}" title="{title}" aria-label="{title}">◆</a>')

    def _message(self, key: str) -> str:
        """The message, escaped."""
        if key not in self.messages:
            self.messages[key] = quoted(self.context.message(key))
        return self.messages[key]
