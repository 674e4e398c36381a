"""The generation that is served now, kept in memory until the file that names it changes."""

from pathlib import Path

from server.store.generations import Generations


class CurrentGeneration:
    """The generation that is served, read again only when the pointer has changed."""

    def __init__(self, generations: Generations) -> None:
        self.generations = generations
        self.seen: tuple[int, int, int] | None = None
        self.folder = Path()

    def read(self) -> Path:
        """Its folder; raises StoreMissingError."""
        try:
            status = self.generations.pointer.stat()
        except FileNotFoundError:
            return self.generations.current()
        seen = (status.st_mtime_ns, status.st_ino, status.st_size)
        if seen != self.seen:
            self.folder, self.seen = self.generations.current(), seen
        return self.folder
