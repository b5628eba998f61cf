"""`python -m tests.chaos [--kills N] [--seed N]`: 0 when every promise holds, 1 when one breaks."""

import argparse
import os
import secrets
import signal
import sys
import time

from tests.chaos.campaign import campaign
from tests.chaos.ledger import BOUND, balance
from tests.chaos.picture import picture


def main() -> int:
    asked = argparse.ArgumentParser(prog="chaos", description=__doc__)
    asked.add_argument("--kills", type=int, default=50, help="how many things break")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    given = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # its house ends with it
    begun = time.monotonic()
    print(f"{given.kills} kills, seed {given.seed} (again with SEED={given.seed})", flush=True)
    facts = campaign(given.kills, given.seed)
    lines = balance(facts)
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"\nThe ledger, after {time.monotonic() - begun:.0f} s on {cores} cores, load {load:.1f}")
    for line in lines:
        print(line)
    print("\nSeconds until all was well again")
    for row in picture(facts.recoveries, BOUND):
        print(row)
    return 0 if all(line.holds for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
