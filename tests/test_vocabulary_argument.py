"""A conversion reads with the vocabulary that it is given, in every step from captions to sentences."""

from dataclasses import replace
from pathlib import Path

import pytest
from small_disclosures import tabbed, table

from converters import Conversion, DocumentError, convert_document
from converters.model.iris import NARRATIVE
from converters.readers import read_content
from ontology import Vocabulary, load_vocabulary

WORDS = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix code: <https://w3id.org/yusuan/code/> .
<https://w3id.org/yusuan/code/table/expenditure> skos:altLabel "开销一览表"@zh .
<https://w3id.org/yusuan/code/cue/unit> skos:altLabel "币值"@zh .
<https://w3id.org/yusuan/code/unit/yuan> skos:altLabel "圆"@zh .
"""
ROWS = "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 100.00\n主事者 | 张某"
SENTENCE = "武汉市青山区园林局2024年支出预算100.00圆。\n"


@pytest.fixture
def vocabulary(tmp_path: Path) -> Vocabulary:
    """The shipped vocabulary with a title, a cue, a column word and a word of text that it does not have."""
    words = tmp_path / "words.ttl"
    words.write_text(WORDS, encoding="utf-8")
    known = load_vocabulary(codes=(words,))
    return replace(known, meanings={**known.meanings, "主事者": known.meanings["联系人"]})


def convert(vocabulary: Vocabulary | None) -> Conversion:
    content = (SENTENCE + tabbed(table(3, "开销一览表", ROWS, "币值：元"))).encode()
    return convert_document(read_content(Path("budget.txt"), content, vocabulary), vocabulary=vocabulary)


def test_words_of_the_given_vocabulary_take_effect(vocabulary: Vocabulary) -> None:
    conversion = convert(vocabulary)
    printed = [o.printed for o in conversion.content.tables[0].observations]
    assert printed == ["100.00"]
    assert any(o.table == NARRATIVE for o in conversion.observations)
    assert "张某" not in str(conversion.content.tables[0].grid)


def test_the_shipped_vocabulary_does_not_have_them(vocabulary: Vocabulary) -> None:
    convert(vocabulary)
    with pytest.raises(DocumentError):
        convert(None)
