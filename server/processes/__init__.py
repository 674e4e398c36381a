"""Child processes: tasks, limits, the runner, and the wire protocol."""
