"""`python -m tests.chaos [--kills N] [--seed N]`: 0 when every promise holds, 1 when one breaks."""

import argparse
import os
import secrets
import sys
import time

from tests.chaos.campaign import campaign
from tests.chaos.ledger import balance


def main() -> int:
    asked = argparse.ArgumentParser(prog="chaos", description=__doc__)
    asked.add_argument("--kills", type=int, default=50, help="how many things break")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    given = asked.parse_args()
    begun = time.monotonic()
    print(f"{given.kills} kills, seed {given.seed} (again with SEED={given.seed})", flush=True)
    lines = balance(campaign(given.kills, given.seed))
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"\nThe ledger, after {time.monotonic() - begun:.0f} s on {cores} cores, load {load:.1f}")
    for line in lines:
        print(line)
    return 0 if all(line.holds for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
