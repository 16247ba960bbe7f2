"""Addresses of steps: from what stands after `then` to `pathway.step`."""

from __future__ import annotations

from .problems import Spot
from .reading import Reading, read_text_value
from .source import Node


def resolve(node: Node, pathway: str, reading: Reading) -> str:
    """The full address of the step that a node names, seen from a pathway."""
    word = read_text_value(node, "a step", reading.problems)
    return resolve_word(word, node.spot, pathway, reading) if word else ""


def resolve_word(word: str, spot: Spot, pathway: str, reading: Reading) -> str:
    """The full address of a step: one of this pathway, the first of another, or `pathway.step`."""
    pathways = reading.names.pathways
    own = pathways.get(pathway, [])
    if word in own:
        return f"{pathway}.{word}"
    if word in pathways:
        return f"{word}.{pathways[word][0]}" if pathways[word] else ""
    other, _, step = word.partition(".")
    if step and step in pathways.get(other, ()):
        return word
    if "step" in reading.unread or pathways.get(other) == []:
        return ""
    if step and other in pathways:
        reading.problems.unknown(spot, f"step in the pathway {other!r}:", step, pathways[other])
    else:
        reading.problems.unknown(spot, "step or pathway", word, {*own, *pathways})
    return ""
