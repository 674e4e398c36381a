"""A task that starts a process of its own, keeps a temporary file, and waits."""

import subprocess
import sys
import tempfile


def run() -> None:
    """Print the number of the process and the name of the file, and wait until it is ended."""
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], process_group=0)
    with tempfile.NamedTemporaryFile() as file:
        sys.stdout.write(f"{started.pid} {file.name}\n")
        sys.stdout.flush()
        started.wait()
