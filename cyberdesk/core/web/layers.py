"""The order of a graph's places: cut cycles, layer, thread long edges, cross as little as can be.

After Sugiyama, Tagawa and Toda (1981). A place is a step, or the bend of an edge that crosses a
layer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

Edge = tuple[str, str]
BEND = "\0"  # in the name of a place that is no step
_SWEEPS = 6


def returning(names: Iterable[str], edges: Sequence[Edge]) -> set[Edge]:
    """Find the edges that close a cycle, walking depth first without recursion."""
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        after[source].append(target)
    state: dict[str, int] = {}
    found: set[Edge] = set()
    for root in names:
        stack = [(root, iter(after[root]))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            name, following = stack[-1]
            for target in following:
                if state.get(target) == 1:
                    found.add((name, target))
                elif target not in state:
                    state[target] = 1
                    stack.append((target, iter(after[target])))
                    break
            else:
                state[name] = 2
                stack.pop()
    return found


def layers(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Put each step below everything that leads to it."""
    waits: dict[str, int] = dict.fromkeys(names, 0)
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        waits[target] += 1
        after[source].append(target)
    layer = dict.fromkeys(names, 0)
    ready = [name for name in names if not waits[name]]
    while ready:
        name = ready.pop()
        for target in after[name]:
            layer[target] = max(layer[target], layer[name] + 1)
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return layer


def chain_of(edge: Edge, layer: Mapping[str, int]) -> list[str]:
    """Return the edge's places, its ends included: one in each layer that it crosses."""
    source, target = edge
    between = range(layer[source] + 1, layer[target])
    return [source, *(f"{source}{BEND}{target}{BEND}{n}" for n in between), target]


def rows_of(
    names: Iterable[str], layer: Mapping[str, int], chains: Mapping[Edge, list[str]]
) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for name in names:
        rows[layer[name]].append(name)
    for chain in chains.values():
        for n, place in enumerate(chain[1:-1], layer[chain[0]] + 1):
            rows[n].append(place)
    return rows


def ordered(rows: list[list[str]], chains: Mapping[Edge, list[str]]) -> list[list[str]]:
    """Sweep down and up, moving each place towards the middle of its neighbours."""
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    for chain in chains.values():
        for upper, lower in pairwise(chain):
            below[upper].append(lower)
            above[lower].append(upper)
    for sweep in range(_SWEEPS):
        near, order = (above, rows) if sweep % 2 == 0 else (below, rows[::-1])
        for fixed, moved in pairwise(order):
            at = {name: i / max(1, len(fixed) - 1) for i, name in enumerate(fixed)}
            moved.sort(key=lambda name: _middle(near[name], at))
    return rows


def _middle(neighbours: Sequence[str], at: Mapping[str, float]) -> float:
    places = [at[name] for name in neighbours if name in at]
    return sum(places) / len(places) if places else 0.5
