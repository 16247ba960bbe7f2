"""Which steps can be come to again from themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def on_cycles(after: Mapping[int, Sequence[int]]) -> set[int]:
    """The nodes of a graph that lie on a cycle: those of its strongly connected parts of several, and those that follow
    themselves (Tarjan 1972, with a stack of its own as a pathway may be longer than Python recurses)."""
    number: dict[int, int] = {}
    lowest: dict[int, int] = {}
    open_: list[int] = []
    is_open: set[int] = set()
    found: set[int] = set()
    for start in after:
        path = [] if start in number else [(start, iter(after[start]))]
        if path:
            number[start] = lowest[start] = len(number)
            open_.append(start)
            is_open.add(start)
        while path:
            node, others = path[-1]
            other = next(others, None)
            if other is None:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[node])
                if lowest[node] == number[node]:
                    part = open_[open_.index(node) :] if open_[-1] != node else [node]
                    del open_[-len(part) :]
                    is_open.difference_update(part)
                    if len(part) > 1 or node in after[node]:
                        found.update(part)
            elif other not in number:
                number[other] = lowest[other] = len(number)
                open_.append(other)
                is_open.add(other)
                path.append((other, iter(after[other])))
            elif other in is_open:
                lowest[node] = min(lowest[node], number[other])
    return found
