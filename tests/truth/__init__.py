"""The truth table: every route × everybody × whose object it is, and what each is answered.

    .venv/bin/python -m tests.truth

records `table.csv` anew (followed by `cases.` only the endpoints that begin so). Look at the difference before you commit it: a 404 that has become a 200
lets somebody read what is not theirs.

- `cast.py`: who asks; the columns of the table.
- `world.py`: two communes, another strand, and what hangs on their cases.
- `objects.py`: what each part of an address stands for. A new route may need a line here.
- `probe.py`: one request, of which nothing stays.
"""
