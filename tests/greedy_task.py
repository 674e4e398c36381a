"""A task that needs memory."""


def run(mebibytes: int) -> None:
    """Allocate memory and use it."""
    bytearray(mebibytes * 2**20)
