r"""Reading observables from what people type and paste: a line each, nothing guessed.

    for line in read("185.12.3[.]4\nfacture.zip"):
        line.number, line.text, line.found, line.problem

`read_pasted` takes whatever a person has at hand, a whole mail too, and `within` looks through
sentences. No database, no STIX library: a preview costs milliseconds.
"""

from cyberdesk.desk.intel.reading.lines import MOST_LINES, Line, read, read_one
from cyberdesk.desk.intel.reading.pasted import Pasted, read_pasted
from cyberdesk.desk.intel.reading.sorts import KINDS, Sort, Value
from cyberdesk.desk.intel.reading.within import within

__all__ = [
    "KINDS",
    "MOST_LINES",
    "Line",
    "Pasted",
    "Sort",
    "Value",
    "read",
    "read_one",
    "read_pasted",
    "within",
]
