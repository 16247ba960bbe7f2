"""Reading of policies, outcomes, headlines, modes and what is recorded."""

from __future__ import annotations

from .build_ladders import read_ladder
from .clock import parse_length
from .model import Change, Headline, Mode, OutcomeKind, Policy, Record
from .numbers import read_number
from .problems import Spot, nearest_path
from .quantity import Number
from .reading import Fields, Reading, describe, entries_of, listed, read_parsed
from .source import Items, Node, Scalar

OPERATIONS = {"set": "to", "multiply": "by", "add": "by"}
POLICY_KEYS = ("title", "about", "new_law", "changes", "known_from", "ladder")
HEADLINE_KEYS = ("id", "label", "question", "series", "from", "to", "statistic", "over", "of")
AS_STATED = "as-stated"
"""What results call the scenario without any policy."""
COURSE = ""
"""What stands for the name of the policy in changes that are part of the scenario itself."""
STREAMS = ("people_per_day", "parties_per_day")
STATISTICS = ("sum", "last", "mean", "max", "mean_days", "p90_days", "chance_over", "days_over", "share")
BUILT_IN_BREAKDOWNS = ("group", "party_type", "sex_and_age")


def build_modes(node: Node | None, reading: Reading) -> dict[str, Mode]:
    """The ways of moving."""
    found = {}
    for key, _, value in entries_of(node, "modes", reading.problems):
        fields = Fields(value, f"the mode {key!r}", ("speed_kmh", "hours"), reading.problems)
        speed = read_number(fields.need("speed_kmh"), f"modes.{key}.speed_kmh", "positive", reading)
        if speed:
            found[key] = Mode(key, speed, fields.hours("hours"))
    return found


def build_outcomes(node: Node | None, reading: Reading) -> dict[str, OutcomeKind]:
    """The ways in which pathways end."""
    found = {}
    for key, _, value in entries_of(node, "outcomes", reading.problems):
        if isinstance(value, Scalar) and not value.text:
            found[key] = OutcomeKind(key, key)
            continue
        fields = Fields(value, f"the outcome {key!r}", ("label", "final", "note"), reading.problems)
        found[key] = OutcomeKind(key, fields.label("label") or key, fields.flag("final", True), fields.label("note"))
    return found


def build_record(node: Node | None, reading: Reading) -> Record:
    """What is recorded, and how finely."""
    if node is None:
        return Record()
    fields = Fields(node, "'record'", ("daily_until", "weekly_until", "by", "warm_up"), reading.problems)
    by = fields.get("by")
    known = (*reading.names.attributes, *BUILT_IN_BREAKDOWNS)
    return Record(
        fields.date("daily_until"),
        fields.date("weekly_until"),
        reading.refer_all("attribute", by, known) if by else ("group",),
        fields.map("warm_up", lambda value: read_parsed(value, parse_length, reading.problems)) or 0.0,
    )


def need_changes(node: Node | None, policy: str, spot: Spot, reading: Reading) -> None:
    """Tell of a policy that changes nothing: compared with anything, it is the scenario as stated."""
    if isinstance(node, Items) and not node.items:
        text = f"the policy {policy!r} changes nothing: its changes are empty; remove it, or write what it sets"
        reading.problems.add(spot, text)


def build_policies(node: Node | None, numbers: dict[str, Number], reading: Reading) -> dict[str, Policy]:
    """The policies; `numbers` are those that they may change."""
    found = {}
    for key, spot, value in entries_of(node, "policies", reading.problems):
        if key == AS_STATED:
            reading.problems.add(spot, f"no policy can be called {key!r}: that is the scenario without any")
        if isinstance(value, Items):
            need_changes(value, key, spot, reading)
            found[key] = Policy(key, key, changes=read_changes(value, key, numbers, reading), spot=spot)
            continue
        fields = Fields(value, f"the policy {key!r}", POLICY_KEYS, reading.problems)
        changes, ladder = fields.get("changes"), fields.get("ladder")
        if changes is None and ladder is None:
            fields.need("changes")
        elif ladder is None:
            need_changes(changes, key, spot, reading)

        def rung(node: Node, key: str = key) -> tuple[Change, ...]:
            return read_changes(node, key, numbers, reading)

        found[key] = Policy(
            key,
            fields.label("title") or key,
            fields.label("about"),
            fields.flag("new_law"),
            read_changes(changes, key, numbers, reading) if changes else (),
            fields.date("known_from"),
            read_ladder(ladder, rung, reading),
            spot,
        )
    return found


def build_course(node: Node | None, numbers: dict[str, Number], reading: Reading) -> tuple[Change, ...]:
    """The changes that are part of the scenario itself."""
    return read_changes(node, COURSE, numbers, reading) if node else ()


def read_changes(node: Node, policy: str, numbers: dict[str, Number], reading: Reading) -> tuple[Change, ...]:
    """The changes of a policy in their order."""
    changes = (read_change(item, policy, place, numbers, reading) for place, item in enumerate(listed(node), 1))
    return tuple(change for change in changes if change)


def read_change(node: Node, policy: str, position: int, numbers: dict[str, Number], reading: Reading) -> Change | None:
    """One change."""
    fields = Fields(node, "a change", (*OPERATIONS, "to", "by", "from", "until"), reading.problems)
    ops = [op for op in OPERATIONS if op in fields]
    if len(ops) != 1:
        if fields.whole:
            reading.problems.add(
                node.spot, "a change is one of {set:, to:}, {multiply:, by:} and {add:, by:}", OPERATIONS
            )
        return None
    op = ops[0]
    path, spot = fields.text(op) or "", fields.key_spot(op)
    target = find_target(path, fields.pairs[op][1].spot, numbers, reading)
    value = fields.need(OPERATIONS[op])
    from_, until = fields.instant("from"), fields.instant("until")
    if from_ and until and (until.date, until.minute) <= (from_.date, from_.minute):
        reading.problems.add(fields.key_spot("until"), "'until' must be after 'from'")
    if target and (from_ or until) and is_fixed_at_start(target.path):
        reading.problems.add(spot, f"{target.path} is fixed at the outset; its change takes no 'from' or 'until'")
    if value is None or target is None:
        return None
    owner = f"policies.{policy}" if policy else "course"
    number = read_number(value, f"{owner}.{position}", role_of_change(op, target.role), reading)
    return Change(op, target.path, number, from_, until, position, policy, spot) if number else None


def role_of_change(op: str, role: str) -> str:
    """The role of the number in a change: a value of the place, a factor, or a difference."""
    if op == "set":
        return role
    if op == "multiply":
        return "rate"
    return "difference" if role == "seconds" else "number"


def is_fixed_at_start(path: str) -> bool:
    """Whether a place is fixed at the outset: groups but for the rates of streams, and what is there at the start."""
    parts = path.split(".")
    return (parts[0] == "groups" and parts[-1] not in STREAMS) or "initial" in parts[2:4]


def find_target(path: str, spot: Spot, numbers: dict[str, Number], reading: Reading) -> Number | None:
    """The number at a path; a problem, with the nearest path, if there is none."""
    found = numbers.get(path) or numbers.get(path.removesuffix(".share"))
    if any(path == failed or path.startswith(f"{failed}.") for failed in reading.problems.failed):
        return found
    if found is None and path:
        near = nearest_path(path, numbers)
        start = f"{path.split('.')[0]}."
        siblings = sorted(known for known in numbers if near and known.startswith(near.rpartition(".")[0]))
        allowed = siblings or sorted(known for known in numbers if known.startswith(start))
        reading.problems.add(spot, f"there is no number at the path {path!r}", allowed, near)
    return found


def build_headlines(node: Node | None, reading: Reading) -> dict[str, Headline]:
    """The numbers that are shown first; their series are checked later."""
    found: dict[str, Headline] = {}
    if node is not None and not isinstance(node, Items):
        reading.problems.add(node.spot, f"'headlines' must be a list, not {describe(node)}")
        return found
    for item in listed(node) if node else ():
        fields = Fields(item, "a headline", HEADLINE_KEYS, reading.problems)
        headline = build_headline(fields, reading)
        if headline.id in found:
            reading.problems.add(item.spot, f"the headline {headline.id!r} stands here twice")
        found[headline.id] = headline
    return dict(sorted(found.items()))


def build_headline(fields: Fields, reading: Reading) -> Headline:
    """One headline."""
    for key in ("id", "label", "series", "statistic"):
        fields.need(key)
    over = read_number(fields.get("over"), "", "number", reading)
    if over is not None and over.fixed is None:
        reading.problems.add(over.spot, "`over` is one plain number, neither a range nor a name")
    statistic = fields.choice("statistic", STATISTICS, "sum") or "sum"
    for needs, key in (("chance_over", "over"), ("days_over", "over"), ("share", "of")):
        if statistic == needs:
            fields.need(key)
    series = fields.get("series")
    return Headline(
        fields.text("id") or "",
        fields.label("label") or "",
        fields.text("series") or "",
        fields.date("from"),
        fields.date("to"),
        statistic,
        over.fixed if over else None,
        fields.text("of"),
        fields.label("question"),
        series.spot if series else fields.spot,
    )
