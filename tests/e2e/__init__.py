"""Days of a team, with the real bot as a process of its own."""
