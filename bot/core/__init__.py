"""The rules of the game: no I/O, no platform, no driver, no framework."""
