"""A task that ends its process; the module is light, because each process of a pool loads it."""

import os


def die_of_three(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number * number
