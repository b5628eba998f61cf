"""How long a responder waits for the queue and for a case, with few cases and with very many."""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import event

from bench import seed_cases
from bench.browser import Browser
from bench.house import House
from bench.machine import Number
from cyberdesk.migrations.ground import GROUND

_SIZES = {False: (1_000, 10_000), True: (1_000, 100_000)}
_TIMES = {False: 60, True: 200}
_KEPT = Path(__file__).parents[1] / "var" / "bench"
_CASES = "SELECT c.reference FROM cases c JOIN playbook_runs r ON r.case_id = c.id LIMIT 5"
