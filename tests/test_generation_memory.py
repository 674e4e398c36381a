"""What pages keep in memory belongs to one generation and does not grow without limit."""

from server.pages.generation_memory import GenerationMemory


def test_values_are_kept_for_the_generation_that_is_served() -> None:
    memory: GenerationMemory[str, int] = GenerationMemory()
    assert memory.get("1", ["a"]) == {}
    memory.put("1", {"a": 1, "b": 2})
    assert memory.get("1", ["a", "c"]) == {"a": 1}
    assert memory.get("2", ["a"]) == {}
    assert memory.get("1", ["a"]) == {}


def test_values_of_an_earlier_generation_are_not_put_into_a_later_one() -> None:
    memory: GenerationMemory[str, int] = GenerationMemory()
    memory.get("2", [])
    memory.put("1", {"a": 1})
    assert memory.get("2", ["a"]) == {}


def test_of_too_many_values_those_used_least_recently_are_evicted() -> None:
    memory: GenerationMemory[str, int] = GenerationMemory(most=2)
    memory.get("1", [])
    memory.put("1", {"a": 1, "b": 2})
    memory.get("1", ["a"])
    memory.put("1", {"c": 3})
    assert memory.get("1", ["a", "b", "c"]) == {"a": 1, "c": 3}
