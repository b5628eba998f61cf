"""`python -m bench [--long] [NAME…]`: every number beside its limit; 0 when all are held.

Numbers hold for a quiet machine: the load beside them says how quiet it was.
"""

import argparse
import importlib
import sys
import time

from bench.machine import describe

NAMES = ("start", "declare", "pages", "engine", "waiting", "journal_verify")


def main() -> int:
    asked = argparse.ArgumentParser(prog="bench", description=__doc__)
    asked.add_argument("--long", action="store_true", help="100 000 cases, longer loads")
    asked.add_argument("names", nargs="*", choices=[*NAMES, []], help="only these")
    given = asked.parse_args()
    held = True
    print(describe(), flush=True)
    for name in given.names or NAMES:
        begun = time.perf_counter()
        measured = importlib.import_module(f"bench.{name}").measure(long=given.long)
        for number in measured:
            print(number, flush=True)
            held &= number.held
        print(f"    {name}: {time.perf_counter() - begun:.0f} s; {describe().rpartition(', ')[2]}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
