"""Load: lean servers of both platforms, which know just enough to let bots connect and members click.

The fakes that the tests use keep and check everything; these keep and check next to nothing, so that they cost much
less than the bots that they measure. They run in the benchmark's own process, the bots in theirs.
"""
