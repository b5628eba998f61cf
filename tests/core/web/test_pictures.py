import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberdesk.core.web.graphs import BOX, TALL, draw_graph
from cyberdesk.core.web.pictures import draw_map, draw_time_bar, draw_trend

START = datetime(2026, 11, 23, 6, 43, tzinfo=UTC)


def steps(*names: str) -> list[dict[str, str]]:
    return [{"id": name, "title": name, "state": "todo"} for name in names]


def test_a_step_stands_below_all_that_lead_to_it():
    graph = draw_graph(steps("d", "c", "b", "a"), [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])
    height = {box.step["id"]: box.y for box in graph.boxes}
    assert height["a"] < height["b"] < height["c"] < height["d"]


def test_a_way_back_is_drawn_as_one():
    graph = draw_graph(steps("a", "b"), [("a", "b"), ("b", "a", "encore")])
    assert [(arrow.back, arrow.label) for arrow in graph.arrows] == [(False, ""), (True, "encore")]


def test_only_what_was_walked_is_coloured():
    made = [{"id": "a", "title": "A", "state": "done"}, {"id": "b", "title": "B", "state": "now"}]
    graph = draw_graph([*made, *steps("c")], [("a", "b"), ("b", "c")])
    assert [arrow.walked for arrow in graph.arrows] == [True, False]


names = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(names, names), max_size=24))
def test_any_graph_is_laid_out_without_boxes_upon_each_other(edges):
    graph = draw_graph(steps(*"abcdefgh"), edges)
    spots = [(box.x, box.y) for box in graph.boxes]
    for i, (x, y) in enumerate(spots):
        assert 0 <= x <= graph.width - BOX
        assert 0 <= y <= graph.height - TALL
        assert all(abs(x - p) >= BOX or abs(y - q) >= TALL for p, q in spots[i + 1 :])
    assert len(graph.arrows) == len(edges)


SHORT = {"M": 2, "V": 1, "H": 1, "q": 4}


def straights(path: str) -> Iterator[tuple[float, float, float, float]]:
    """Yield the straight pieces of a way back: its corners are too small to run behind a box."""
    x = y = 0.0
    for sign, numbers in re.findall(r"([MVHq])([^MVHq]*)", path):
        told = [float(number) for number in numbers.split()]
        assert len(told) == SHORT[sign]
        start = (x, y)
        if sign == "q":
            x, y = x + told[2], y + told[3]
            continue
        x, y = (x if sign == "V" else told[0], y if sign == "H" else told[-1])
        if sign != "M":
            yield *start, x, y


@given(st.lists(st.tuples(names, names), max_size=24))
def test_no_way_back_runs_behind_a_box_or_off_the_picture(edges):
    graph = draw_graph(steps(*"abcdefgh"), [(*edge, "once more") for edge in edges])
    for arrow in (one for one in graph.arrows if one.back):
        for x, y, to_x, to_y in straights(arrow.path):
            assert 0 <= min(y, to_y) <= max(y, to_y) <= graph.height
            assert graph.left <= min(x, to_x) <= max(x, to_x) <= graph.left + graph.width
            assert not [
                box
                for box in graph.boxes
                if min(x, to_x) < box.x + BOX - 0.1 and max(x, to_x) > box.x + 0.1
                if min(y, to_y) < box.y + TALL - 0.1 and max(y, to_y) > box.y + 0.1
            ]


@given(st.lists(st.tuples(names, names), max_size=24))
def test_sheets_of_paper_hold_every_box_whole_and_once(edges):
    graph = draw_graph(steps(*"abcdefgh"), edges)
    for box in graph.boxes:
        held = [s for s in graph.sheets if s.top < box.y and box.y + TALL < s.top + s.height]
        assert len(held) == 1


def test_nothing_to_draw_is_drawn_all_the_same():
    assert draw_graph([], []).boxes == ()
    assert draw_map([]).dots == ()
    assert draw_time_bar([]).marks == ()
    assert draw_trend([]).last == (6, 50.0)


def test_a_trend_rises_with_its_values_and_knows_its_target():
    trend = draw_trend([0, 50, 100], target=100)
    heights = [float(dot.split(",")[1]) for dot in trend.line.split()]
    assert heights == [50.0, 28.0, 6.0]
    assert trend.target == 6.0


def test_north_is_up_and_weight_is_area():
    south = {"lon": 5.0, "lat": 43.0, "weight": 25}
    north = {"lon": 6.0, "lat": 44.0, "weight": 100}
    drawn = draw_map([south, north], contours=[[(5, 43), (6, 43), (6, 44)]])
    large, small = drawn.dots
    assert large.place is north
    assert (large.x > small.x, large.y < small.y) == (True, True)
    assert (large.radius, small.radius) == (12.0, 7.5)
    assert drawn.contours[0].startswith("M")
    assert all(0 <= dot.x <= drawn.width and 0 <= dot.y <= drawn.height for dot in drawn.dots)


@pytest.mark.parametrize(
    ("whole", "hours"),
    [
        (timedelta(hours=2), "07:45 08:00 08:15 08:30 08:45 09:00 09:15 09:30"),
        (timedelta(hours=9), "08:00 10:00 12:00 14:00 16:00"),
        (timedelta(days=3), "12:00 24/11 12:00 25/11 12:00 26/11"),
        (timedelta(days=90), "23/12 22/01 21/02"),
        (timedelta(0), ""),
    ],
)
def test_hours_are_round_and_few(whole, hours):
    bar = draw_time_bar([{"at": START, "lane": "x"}, {"at": START + whole, "lane": "y"}])
    assert " ".join(tick.label for tick in bar.ticks) == hours
    assert bar.lanes == ("x", "y")
    assert [mark.lane for mark in bar.marks] == [0, 1]
    assert all(110 < mark.x < bar.width for mark in bar.marks)
