"""Faults that are really made: the process killed, the network cut, the disk full, the clock shifted."""
