"""Record the table anew. Look at the difference before you commit it."""

import os
import sys
from pathlib import Path

import pytest

os.environ["CYBERDESK_RECORD_TRUTH"] = "1"
here = Path(__file__).parents[1]
sys.exit(pytest.main([str(here / "test_truth.py"), "-k", "as_listed"]))
