"""A real house under work whose processes are killed at random, and a ledger of its promises.

`python -m tests.chaos --kills 40 --seed 7`; docs/developers/chaos.md tells how to read it.
"""
