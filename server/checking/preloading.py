"""What every check loads, for the fork server that starts their processes."""

from importlib import import_module

from converters.readers import reader_modules
from ontology import load_vocabulary
from ontology.divisions import division_names
from ontology.narrative_words import load_phrases
from ontology.shipped import FAR_LISTS
from shapes import load_rules

MODULES = ("server.checking.check_process", "server.checking.report_process")


def preload() -> None:
    """Import the modules of checks and reports and the reader of PDF, and load the shipped words, code lists and rules.

    Code lists and registers of the settings are left to each check, for their files may change meanwhile.
    """
    for module in (*MODULES, *reader_modules(["disclosure.pdf"])):
        import_module(module)
    vocabulary = load_vocabulary()
    for scheme in FAR_LISTS:
        _ = vocabulary.lists.whole(scheme).by_notation
    division_names(vocabulary)
    load_phrases(vocabulary)
    load_rules()
