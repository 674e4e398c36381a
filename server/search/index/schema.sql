-- The search index of one generation. An entry's id is the position of its kind times 2^32, plus its place in the kind.

CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  iri TEXT NOT NULL,
  label_zh TEXT NOT NULL,
  label_en TEXT NOT NULL,
  context_zh TEXT NOT NULL,
  context_en TEXT NOT NULL,
  notation TEXT NOT NULL,
  detail TEXT NOT NULL,
  scheme TEXT NOT NULL
);

-- Names and codes of offices, divisions, codes and projects, folded, for exact comparison.
CREATE TABLE name (folded TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (folded, entry)) WITHOUT ROWID;

-- Codes that rows of tables carry; they come before others.
CREATE TABLE used_code (entry INTEGER PRIMARY KEY);

CREATE TABLE syllable (text TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE VIRTUAL TABLE entry_text USING fts5(
  label, pinyin, context, content = '', prefix = '1 3', tokenize = 'unicode61'
);

CREATE TABLE disclosure (
  version TEXT PRIMARY KEY,
  disclosure TEXT NOT NULL,
  title TEXT NOT NULL,
  organisation TEXT NOT NULL,
  organisation_key TEXT NOT NULL, -- pinyin, by which names are sorted
  division TEXT NOT NULL,
  year TEXT NOT NULL,
  phase TEXT NOT NULL,
  figures INTEGER NOT NULL,
  violations INTEGER, -- findings by severity; NULL for a version that was not checked
  warnings INTEGER,
  information INTEGER,
  verdict TEXT NOT NULL,
  searched TEXT NOT NULL -- names, code and title, folded, without spaces
) WITHOUT ROWID;

-- The divisions of disclosures, each within itself and within all above it.
CREATE TABLE division_within (division TEXT NOT NULL, above TEXT NOT NULL, PRIMARY KEY (division, above)) WITHOUT ROWID;

-- These divisions and all above them, in the order of their tree.
CREATE TABLE division (
  iri TEXT PRIMARY KEY, place INTEGER NOT NULL, depth INTEGER NOT NULL, label_zh TEXT NOT NULL, label_en TEXT NOT NULL
) WITHOUT ROWID;
