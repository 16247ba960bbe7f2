"""Reading of pathways: one function for what each kind of step says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .build_groups import check_sum
from .clock import CLOCK, Instant, parse_clock, parse_instant
from .expressions import parse_checked
from .model import CLASSES, Pathway
from .numbers import QUANTITY_KEYS, read_duration, read_evidence, read_number
from .quantity import plain_number
from .reading import ID, Fields, Reading, check_id, describe, entries_of, read_parsed
from .source import Items, Node, Scalar, Table
from .steps import (
    Body,
    Branch,
    Choose,
    Gather,
    Go,
    Hold,
    Option,
    Outcome,
    Queue,
    Rejoin,
    Release,
    Risk,
    Roam,
    Set,
    Split,
    Stay,
    Step,
    Travel,
    Wait,
)
from .targets import resolve, resolve_word

COMMON = ("id", "then", "label", "law", "evidence", "assumed", "note")
MEMBER_WORDS: dict[str, tuple[str, ...]] = {
    "adults": ("women_18_59", "women_60", "men_18_59", "men_60"),
    "men": ("men_18_59", "men_60"),
    "women": ("women_18_59", "women_60"),
    "children": ("girls_0_4", "girls_5_17", "boys_0_4", "boys_5_17"),
    "girls": ("girls_0_4", "girls_5_17"),
    "boys": ("boys_0_4", "boys_5_17"),
}
QUEUES = ("desks", "gate", "docket", "departures")
HOLDERS = ("holding", "caseload")
QUEUE_KEYS = (
    "at", "with", "service", "gives_up_after", "gives_up_at", "gives_up_when", "gives_up_to", "refused_to", "blocks",
)  # fmt: skip


@dataclass(slots=True)
class At:
    """The step that is being read: its pathway, its path for policies, and where it goes by default."""

    pathway: str
    path: str
    next: str | None
    reading: Reading

    def target(self, node: Node | None) -> str | None:
        """The full address of a step that is named, None if none is."""
        return resolve(node, self.pathway, self.reading) if node else None

    def facilities(self, node: Node | None, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """The facilities of some kinds that are named."""
        what = f"facility of kind {' or '.join(kinds)}"
        known = {name for name, kind in self.reading.names.facilities.items() if kind in kinds}
        return self.reading.refer_all(what, node, known) if node else ()

    def fields(self, node: Node, kind: str, keys: tuple[str, ...]) -> Fields:
        """The keys of the step's body."""
        return Fields(node, f"the step kind {kind!r}", keys, self.reading.problems)


def build_pathways(node: Node | None, reading: Reading) -> dict[str, Pathway]:
    """The pathways."""
    found = {}
    for name, _, value in entries_of(node, "pathways", reading.problems):
        if not isinstance(value, Items) or not value.items:
            reading.problems.add(value.spot, f"the pathway {name!r} must be a list of steps, not {describe(value)}")
            continue
        steps = []
        seen: set[str] = set()
        for position, item in enumerate(value.items):
            following = step_id(value.items[position + 1]) if position + 1 < len(value.items) else None
            step = build_step(item, name, f"{name}.{following}" if following else None, reading)
            if step is None:
                reading.problems.failed.add(f"pathways.{name}.{step_id(item)}")
                continue
            if step.id in seen:
                reading.problems.add(step.spot, f"the step {step.id!r} stands twice in the pathway {name!r}")
            seen.add(step.id)
            steps.append(step)
        found[name] = Pathway(name, tuple(steps))
    return found


def step_id(node: Node) -> str | None:
    """The id of a step, if it has one."""
    pair = node.pairs.get("id") if isinstance(node, Table) else None
    return pair[1].text if pair and isinstance(pair[1], Scalar) else None


def build_step(node: Node, pathway: str, following: str | None, reading: Reading) -> Step | None:
    """One step; None if it has no id or no single kind."""
    problems = reading.problems
    if not isinstance(node, Table):
        problems.add(node.spot, f"a step is a mapping with an id and a kind, not {describe(node)}", BODIES)
        return None
    kinds = [key for key in node.pairs if key in BODIES]
    extra = ("by", "daily") if set(kinds) & {"wait", "branch", "choose"} else ()
    fields = Fields(node, "a step", (*COMMON, *BODIES, *extra), problems)
    id_node = fields.need("id")
    if id_node is None or not isinstance(id_node, Scalar):
        return None
    check_id(id_node.text, id_node.spot, problems, ID)
    if len(kinds) != 1:
        found = f"not {' and '.join(kinds)}" if kinds else "but has none"
        problems.add(id_node.spot, f"the step {id_node.text!r} must have exactly one kind, {found}", BODIES)
        return None
    kind = kinds[0]
    at = At(pathway, f"pathways.{pathway}.{id_node.text}.{kind}", following, reading)
    at.next = at.target(fields.get("then")) if "then" in fields else following
    body = BODIES[kind](node.pairs[kind][1], at)
    if body is None:
        return None
    step = Step(
        id_node.text,
        kind,
        body,
        next_of(body, at, fields, id_node),
        fields.choice("by", ("group",)) if extra else None,
        fields.flag("daily") if extra else False,
        fields.text("label"),
        fields.text("law"),
        read_evidence(fields, reading),
        fields.text("assumed"),
        fields.text("note"),
        id_node.spot,
    )
    if step.daily and kind == "wait":
        problems.add(fields.key_spot("daily"), "'daily' goes with 'branch' and 'choose'")
    return step


def next_of(body: Body, at: At, fields: Fields, id_node: Scalar) -> str | None:
    """The default way on of a step; a problem if it leads nowhere."""
    if isinstance(body, Outcome | Branch | Choose):
        if "then" in fields:
            hint = "an outcome is the end" if isinstance(body, Outcome) else "each option says where it goes"
            fields.problems.add(fields.key_spot("then"), f"'then' has no meaning here: {hint}")
        return None
    if isinstance(body, Wait) and body.first_of:
        return None
    if isinstance(body, Roam) and not body.ends:
        if "then" in fields:
            message = "'then' has no meaning here: without 'ends' nobody's journey ends"
            fields.problems.add(fields.key_spot("then"), message)
        return None
    if isinstance(body, Go) and "then" not in fields:
        fields.problems.add(id_node.spot, f"the step {id_node.text!r} goes nowhere; it needs 'then'")
    elif at.next is None:
        message = f"the step {id_node.text!r} is the last of its pathway and leads nowhere; it needs 'then'"
        fields.problems.add(id_node.spot, message)
    return at.next


def read_travel(node: Node, at: At) -> Body:
    """`travel`."""
    fields = at.fields(node, "travel", ("along", "to", "takes", "pace"))
    along, to = fields.get("along"), fields.get("to")
    if fields.whole and (along is None) == (to is None):
        at.reading.problems.add(fields.spot, "'travel' needs either 'along' (a link) or 'to' (a place) with 'takes'")
    if fields.whole and (to is None) != ("takes" not in fields):
        at.reading.problems.add(fields.spot, "'to' and 'takes' go together")
    return Travel(
        at.reading.refer("link", along, at.reading.names.links) if along else None,
        at.reading.refer("place", to, at.reading.names.places) if to else None,
        read_duration(fields.get("takes"), f"{at.path}.takes", at.reading),
        read_duration(fields.get("pace"), f"{at.path}.pace", at.reading, "positive"),
    )


def read_wait(node: Node, at: At) -> Body:
    """`wait`."""
    fields = at.fields(node, "wait", ("for", "until", "first_of"))
    if fields.whole and len(fields.pairs.keys() & {"for", "until", "first_of"}) != 1:
        at.reading.problems.add(fields.spot, "'wait' needs one of 'for', 'until' and 'first_of'")
    return Wait(
        read_duration(fields.get("for"), f"{at.path}.for", at.reading),
        read_until(fields.get("until"), at.reading),
        read_risks(fields.get("first_of"), at),
    )


def read_until(node: Node | None, reading: Reading) -> Instant | int | None:
    """An instant, or a time of day."""
    if node is None:
        return None
    if isinstance(node, Scalar) and CLOCK.fullmatch(node.text):
        return read_parsed(node, parse_clock, reading.problems)
    return read_parsed(node, parse_instant, reading.problems)


def read_risks(node: Node | None, at: At) -> tuple[Risk, ...]:
    """What may come first."""
    risks = []
    for name, spot, value in entries_of(node, "'first_of'", at.reading.problems):
        fields = at.fields(value, "first_of", ("after", "at", "then"))
        if fields.whole and ("after" in fields) == ("at" in fields):
            at.reading.problems.add(spot, f"{name!r} needs either 'after' (a duration) or 'at' (an instant)")
        then = at.target(fields.get("then")) or at.next
        if then is None:
            at.reading.problems.add(spot, f"{name!r} leads nowhere; it needs 'then'")
        after = read_duration(fields.get("after"), f"{at.path}.first_of.{name}.after", at.reading)
        risks.append(Risk(name, after, fields.instant("at"), then or ""))
    return tuple(risks)


def read_queue(node: Node, at: At) -> Body:
    """`queue`."""
    fields = at.fields(node, "queue", QUEUE_KEYS)
    gives_up = bool(fields.pairs.keys() & {"gives_up_after", "gives_up_at", "gives_up_when"})
    others = fields.get("with")
    when = fields.get("gives_up_when")
    if when and isinstance(when, Scalar):
        parse_checked(when.text, when.spot, at.reading)
    if gives_up and "gives_up_to" not in fields:
        at.reading.problems.add(fields.spot, "a queue that is given up needs 'gives_up_to' (a step)")
    if not gives_up and "gives_up_to" in fields:
        message = "'gives_up_to' needs 'gives_up_after', 'gives_up_at' or 'gives_up_when'"
        at.reading.problems.add(fields.key_spot("gives_up_to"), message)
    return Queue(
        at.facilities(fields.need("at"), QUEUES),
        read_duration(fields.get("service"), f"{at.path}.service", at.reading),
        read_duration(fields.get("gives_up_after"), f"{at.path}.gives_up_after", at.reading),
        fields.instant("gives_up_at"),
        at.target(fields.get("gives_up_to")),
        at.target(fields.get("refused_to")),
        fields.text("gives_up_when"),
        at.facilities(others, ("desks",)),
        fields.flag("blocks"),
    )


def read_stay(node: Node, at: At) -> Body:
    """`stay`."""
    fields = at.fields(node, "stay", ("in",))
    return Stay(at.facilities(fields.need("in"), ("beds", "camp")))


def read_hold(node: Node, at: At) -> Body:
    """`hold`."""
    fields = at.fields(node, "hold", ("in", "if_full", "refused_to"))
    holders = at.facilities(fields.need("in"), HOLDERS)
    if len(holders) > 1:
        at.reading.problems.add(fields.key_spot("in"), "'hold' is in one holding or caseload")
    return Hold(holders[0] if holders else "", at.target(fields.get("if_full")), at.target(fields.get("refused_to")))


def read_release(node: Node, at: At) -> Body:
    """`release`."""
    fields = at.fields(node, "release", ("from",))
    from_ = fields.need("from")
    known = (*at.reading.names.facilities, "all")
    return Release(at.reading.refer("facility", from_, known) if from_ else "all")


def read_branch(node: Node, at: At) -> Body:
    """`branch`."""
    options = []
    pairs = node.pairs if isinstance(node, Table) else {}
    if not pairs:
        at.reading.problems.add(node.spot, "'branch' is a mapping from options to shares, such as {a: 0.4, b: rest}")
    for name, (spot, value) in sorted(pairs.items()):
        then, share = None, value
        if isinstance(value, Table) and not any(key in QUANTITY_KEYS for key in value.pairs):
            fields = at.fields(value, "branch", ("share", "then"))
            then, share = at.target(fields.get("then")), fields.need("share") or value
        target = then if then is not None else resolve_word(name, spot, at.pathway, at.reading)
        rest = isinstance(share, Scalar) and share.text == "rest"
        number = None if rest else read_number(share, f"{at.path}.{name}", "chance", at.reading)
        if rest or number:
            options.append(Option(name, target, number, spot=spot))
    if pairs and len(options) == len(pairs):
        check_sum([option.share for option in options], node.spot, at.reading)
    return Branch(tuple(options))


def read_choose(node: Node, at: At) -> Body:
    """`choose`."""
    options = []
    pairs = node.pairs if isinstance(node, Table) else {}
    if not pairs:
        at.reading.problems.add(node.spot, "'choose' is a mapping from options to {utility:, then:}")
    for name, (spot, value) in sorted(pairs.items()):
        fields = at.fields(value, "choose", ("utility", "if", "then"))
        then = fields.get("then")
        target = at.target(then) if then else resolve_word(name, spot, at.pathway, at.reading)
        utility = read_number(fields.need("utility"), f"{at.path}.{name}.utility", "utility", at.reading)
        if_node = fields.get("if")
        condition = fields.text("if")
        if if_node and condition:
            parse_checked(condition, if_node.spot, at.reading)
        options.append(Option(name, target or "", None, utility, condition, spot))
    if options and all(option.if_ for option in options):
        at.reading.problems.add(node.spot, "one option of 'choose' must be without 'if', so that there is always a way")
    return Choose(tuple(options))


def read_split(node: Node, at: At) -> Body:
    """`split`."""
    fields = at.fields(node, "split", ("who", "at_most", "to", "reason"))
    who, to = fields.need("who"), fields.need("to")
    words = at.reading.refer_all("class of members", who, (*CLASSES, *MEMBER_WORDS)) if who else ()
    classes = {name for word in words for name in MEMBER_WORDS.get(word, (word,))}
    return Split(
        tuple(name for name in CLASSES if name in classes),
        at.target(to) or "",
        read_number(fields.get("at_most"), f"{at.path}.at_most", "capacity", at.reading),
        fields.text("reason"),
    )


def read_rejoin(node: Node, at: At) -> Body:
    """`rejoin`."""
    fields = at.fields(node, "rejoin", ("at_most", "at"))
    place = fields.get("at")
    return Rejoin(
        read_duration(fields.get("at_most"), f"{at.path}.at_most", at.reading),
        at.reading.refer("place", place, at.reading.names.places) if place else None,
    )


def read_roam(node: Node, at: At) -> Body | None:
    """`roam`."""
    fields = at.fields(node, "roam", ("by", "ends", "at_most", "at_most_to"))
    by, ends, names = fields.need("by"), fields.get("ends"), at.reading.names
    most = read_duration(fields.get("at_most"), f"{at.path}.at_most", at.reading)
    if ("at_most" in fields) != ("at_most_to" in fields):
        at.reading.problems.add(node.spot, "'at_most' and 'at_most_to' go together")
    if by is None:
        return None
    return Roam(
        at.reading.refer("movement", by, names.movements),
        at.reading.refer_all("place kind", ends, names.kinds_of_places) if ends else (),
        most,
        at.target(fields.get("at_most_to")),
    )


def read_gather(node: Node, at: At) -> Body | None:
    """`gather`."""
    fields = at.fields(node, "gather", ("share", "at_most"))
    share = read_number(fields.get("share"), f"{at.path}.share", "share", at.reading)
    most = read_duration(fields.need("at_most"), f"{at.path}.at_most", at.reading)
    return Gather(share or plain_number(1.0, "share", f"{at.path}.share"), most) if most else None


def read_set(node: Node, at: At) -> Body:
    """`set`."""
    attributes = at.reading.names.attributes
    fields = at.fields(node, "set", tuple(attributes))
    levels = {}
    for name, (_, value) in sorted(fields.pairs.items()):
        if name in attributes:
            levels[name] = at.reading.refer(f"level of {name}", value, attributes[name])
    return Set(levels)


def read_go(node: Node, at: At) -> Body:
    """`go`; its value may be empty."""
    if isinstance(node, Scalar) and node.text in ("", "~", "null"):
        return Go()
    if not (isinstance(node, Table) and not node.pairs):
        at.reading.problems.add(node.spot, "'go' has no keys of its own; write `go: {}` and `then:` beside it")
    return Go()


def read_outcome(node: Node, at: At) -> Body:
    """`outcome`."""
    return Outcome(at.reading.refer("outcome", node, at.reading.names.outcomes))


BODIES: dict[str, Callable[[Node, At], Body | None]] = {
    "travel": read_travel,
    "wait": read_wait,
    "queue": read_queue,
    "stay": read_stay,
    "hold": read_hold,
    "release": read_release,
    "branch": read_branch,
    "choose": read_choose,
    "split": read_split,
    "rejoin": read_rejoin,
    "roam": read_roam,
    "gather": read_gather,
    "set": read_set,
    "go": read_go,
    "outcome": read_outcome,
}
