"""A picture of how long it took to be well again: a row for each kind of fault, a dot for each time."""

from collections.abc import Iterator, Sequence
from math import ceil

_WIDE = 60  # signs
_DOTS = " ·:∴⁘▒▓█"  # none, one, two, and so on


def picture(recoveries: Sequence[tuple[str, float]], bound: float) -> Iterator[str]:
    """Yield the lines of the picture; the scale goes from 0 to the longest, `bound` at least."""
    if not recoveries:
        return
    longest = max(bound, *(seconds for _kind, seconds in recoveries))
    kinds = dict.fromkeys(kind for kind, _seconds in recoveries)
    wide = max(map(len, kinds))
    yield f"{'':{wide}} 0{f'{longest:.0f} s':>{_WIDE}}"
    for kind in kinds:
        found = [seconds for name, seconds in recoveries if name == kind]
        yield f"{kind:>{wide}} {_row(found, longest)} {_told(found)}"
    every = [seconds for _kind, seconds in recoveries]
    yield f"{'all of them':>{wide}} {_row(every, longest)} {_told(every)}"


def percentile(found: Sequence[float], share: float) -> float:
    """Return the smallest time within which `share` of all were well again (nearest rank)."""
    return sorted(found)[max(ceil(share * len(found)), 1) - 1]


def _row(found: Sequence[float], longest: float) -> str:
    counts = [0] * (_WIDE + 1)
    for seconds in found:
        counts[round(seconds / longest * _WIDE)] += 1
    return "|" + "".join(_DOTS[min(count, len(_DOTS) - 1)] for count in counts) + "|"


def _told(found: Sequence[float]) -> str:
    half, most, nearly = (percentile(found, share) for share in (0.5, 0.95, 0.99))
    return f"half {half:4.1f}, 95 % {most:4.1f}, 99 % {nearly:4.1f} s, of {len(found)}"
