"""Published procurement notices as OCDS 1.1 releases, whose planning names the budget that pays for them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

NoticeRow = Mapping[str, str]
"""A solution: the text of each bound variable."""
_CURRENCY, _LANGUAGE = "CNY", "zh"
_TAGS = {
    "intention": "planning",
    "tender": "tender",
    "correction": "tenderUpdate",
    "award": "award",
    "contract": "contract",
    "termination": "tenderCancellation",
}
_METHODS = {"open": "open", "invited": "selective", "single-source": "direct"}
_MIDNIGHT = "T00:00:00+08:00"
_SCHEME = "CN-USCC"


def package(
    notices: Sequence[NoticeRow], awards: Iterable[NoticeRow], lines: Iterable[NoticeRow], base: str, moment: datetime
) -> dict[str, object]:
    """Return a release package with one release for each notice.

    `notices`, `awards` and `lines` are the solutions of `which_notices_are_published`, `which_awards_are_published` and
    `which_procurement_lines_have_the_projects_of_notices`. A budget line is named where a project has one line alone.
    """
    by_notice: dict[str, list[NoticeRow]] = defaultdict(list)
    for award in awards:
        by_notice[award["notice"]].append(award)
    by_project: dict[str, list[NoticeRow]] = defaultdict(list)
    for line in lines:
        by_project[line["project"]].append(line)
    stamp = moment.isoformat(timespec="seconds")
    return {
        "uri": f"{base}ocds/releases.json",
        "version": "1.1",
        "publishedDate": stamp,
        "publisher": {"name": "Yusuan"},
        "releases": [
            _release(notice, by_notice[notice["notice"]], by_project[notice.get("project", "")], stamp)
            for notice in _each_once(notices)
        ],
    }


def _each_once(notices: Sequence[NoticeRow]) -> list[NoticeRow]:
    """Return one row for each notice, without project if its rows name different projects."""
    found: dict[str, NoticeRow] = {}
    for notice in notices:
        known = found.get(notice["notice"])
        if known is not None and known.get("project") != notice.get("project"):
            notice = {name: value for name, value in notice.items() if name not in ("project", "projectName")}
        found[notice["notice"]] = notice
    return list(found.values())


def _release(
    notice: NoticeRow, awards: Sequence[NoticeRow], lines: Sequence[NoticeRow], stamp: str
) -> dict[str, object]:
    kind = notice["kind"]
    process = notice.get("procedure") or notice["notice"]
    release: dict[str, object] = {
        "ocid": f"yusuan-{process.rpartition('/')[2]}",
        "id": notice["version"].rpartition("/")[2],
        "date": _date_time(notice.get("issued") or notice.get("signed")) or notice.get("generated", stamp),
        "tag": [_TAGS[kind]],
        "initiationType": "tender",
        "language": _LANGUAGE,
        "parties": _parties(notice, awards),
        "tender": _tender(notice),
    }
    if "buyer" in notice:
        release["buyer"] = {"id": _id_of(notice["buyer"]), "name": notice["buyer"]}
    budget = _budget(notice, lines)
    if budget:
        release["planning"] = {"budget": budget}
    if kind in ("award", "contract"):
        release["awards"] = _awards(notice, awards)
    if kind == "contract" and awards:
        release["contracts"] = [_contract(notice, awards)]
    return release


def _date_time(day: str | None) -> str | None:
    return None if day is None else day[:10] + _MIDNIGHT


def _id_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _value(amount: str) -> dict[str, object]:
    number = Decimal(amount)
    return {
        "amount": int(number) if number == number.to_integral_value() else float(number),
        "currency": _CURRENCY,
    }


def _parties(notice: NoticeRow, awards: Sequence[NoticeRow]) -> list[dict[str, object]]:
    """Return each organisation once, with all its roles."""
    parties: dict[str, dict[str, object]] = {}
    named = [("buyer", "buyer"), ("agency", "procuringEntity")]
    for variable, role in named:
        if variable in notice:
            key = _id_of(notice[variable])
            party = parties.setdefault(key, {"id": key, "name": notice[variable], "roles": []})
            _add_role(party, role)
    for award in awards:
        key = award["supplier"].rpartition("/")[2]
        party = parties.setdefault(key, {"id": key, "name": award["name"], "roles": []})
        _add_role(party, "supplier")
        if "code" in award:
            party["identifier"] = {"scheme": _SCHEME, "id": award["code"], "legalName": award["name"]}
    return list(parties.values())


def _add_role(party: dict[str, object], role: str) -> None:
    roles = party["roles"]
    if isinstance(roles, list) and role not in roles:
        roles.append(role)


def _tender(notice: NoticeRow) -> dict[str, object]:
    tender: dict[str, object] = {
        "id": notice.get("number") or notice["notice"].rpartition("/")[2],
        "title": notice.get("purchase") or notice["title"],
    }
    method = notice.get("method", "").rpartition("/")[2]
    if method:
        tender["procurementMethodDetails"] = method
    if method in _METHODS:
        tender["procurementMethod"] = _METHODS[method]
    if "agency" in notice:
        tender["procuringEntity"] = {"id": _id_of(notice["agency"]), "name": notice["agency"]}
    limit = notice.get("ceiling") or notice.get("budget")
    if limit is not None:
        tender["value"] = _value(limit)
    if notice["kind"] == "termination":
        tender["status"] = "unsuccessful"
    document: dict[str, object] = {
        "id": notice["version"].rpartition("/")[2],
        "title": notice["title"],
        "url": notice.get("source") or notice["notice"],
    }
    tender["documents"] = [document]
    return tender


def _budget(notice: NoticeRow, lines: Sequence[NoticeRow]) -> dict[str, object]:
    """Return the budget: that of the one line that the project pays for, else what the notice says."""
    budget: dict[str, object] = {}
    if "project" in notice:
        budget |= {"project": notice.get("projectName", ""), "projectID": notice["project"]}
    if len({line["line"] for line in lines}) == 1:
        line = lines[0]
        budget |= {"id": line["line"], "uri": line["fact"], "amount": _value(line["amount"])}
    elif "plan" in notice or "budget" in notice:
        budget |= {"id": notice["plan"]} if "plan" in notice else {}
        budget |= {"amount": _value(notice["budget"])} if "budget" in notice else {}
    return budget


def _awards(notice: NoticeRow, rows: Sequence[NoticeRow]) -> list[dict[str, object]]:
    awards: dict[str, dict[str, object]] = {}
    for row in rows:
        award = awards.setdefault(row["award"], {"id": row["award"].rpartition("/")[2], "status": "active"})
        suppliers = award.setdefault("suppliers", [])
        if isinstance(suppliers, list):
            suppliers.append({"id": row["supplier"].rpartition("/")[2], "name": row["name"]})
        if "amount" in row:
            award["value"] = _value(row["amount"])
        if "lot" in row:
            award["title"] = row["lot"]
        date = _date_time(notice.get("issued"))
        if date is not None:
            award["date"] = date
    return list(awards.values())


def _contract(notice: NoticeRow, rows: Sequence[NoticeRow]) -> dict[str, object]:
    contract: dict[str, object] = {
        "id": notice.get("contract") or notice["notice"].rpartition("/")[2],
        "awardID": rows[0]["award"].rpartition("/")[2],
        "status": "active",
    }
    if "amount" in rows[0]:
        contract["value"] = _value(rows[0]["amount"])
    signed = _date_time(notice.get("signed"))
    if signed is not None:
        contract["dateSigned"] = signed
    return contract
