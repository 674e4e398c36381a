"""What the fork server of the tests loads besides what checks need: the other tasks of services."""

from importlib import import_module

from server.search.pinyin import text_to_syllables

MODULES = (
    "server.dataset.count_process",
    "server.dataset.digest_process",
    "server.dataset.dump_process",
    "server.search.index.index_process",
    "server.store.write_process",
)


def preload() -> None:
    """Import the modules of the tasks, and load the dictionaries of pinyin."""
    for module in MODULES:
        import_module(module)
    text_to_syllables("预算")
