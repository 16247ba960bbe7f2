"""Checks of a whole scenario whose parts are sound: what is wrong between them."""

from __future__ import annotations

from .network import check_network
from .numbers import BOUNDS
from .problems import Problems, nearest
from .quantity import Number, Quantity
from .recorded import check_amounts, check_numbers, check_recorded
from .routes import check_ways_out, follow
from .scenario import Scenario
from .series import STATISTICS_OF, STOCKS, WAITS, check_series
from .sizes import check_sizes
from .steps import Hold, Queue
from .walking import find_numbers


def check_whole(scenario: Scenario, problems: Problems) -> None:
    """Note everything that is wrong between the parts of a scenario."""
    check_named_numbers(scenario, problems)
    check_dates(scenario, problems)
    check_shelters(scenario, problems)
    check_waiting_rooms(scenario, problems)
    check_desks_together(scenario, problems)
    check_addresses(scenario, problems)
    check_policies(scenario, problems)
    check_answers(scenario, problems)
    check_amounts(scenario, problems)
    check_numbers(scenario, problems)
    check_network(scenario, problems)
    if not problems.found:
        check_recorded(scenario, problems)
    if all(pathway.steps for pathway in scenario.pathways.values()):
        check_ways_out(scenario, problems)
        routes = follow(scenario, problems)
        check_sizes(scenario, routes, problems)


def check_named_numbers(scenario: Scenario, problems: Problems) -> None:
    """A named quantity must suit every place where its name stands."""
    changes = tuple(find_numbers((scenario.policies, scenario.course)))
    for number in (*scenario.numbers().values(), *changes):
        for entry in number.entries:
            if isinstance(entry.what, str) and entry.what in scenario.quantities:
                check_use(entry.what, scenario.quantities[entry.what], number, problems)


def check_use(name: str, named: Number, number: Number, problems: Problems) -> None:
    """Note one use of a named quantity that does not suit its place."""
    if number.path.startswith("quantities."):
        problems.add(number.spot, f"a quantity needs a value, not the name of another ({name!r})")
        return
    if (named.role == "seconds") != (number.role in ("seconds", "difference")):
        is_ = "a length of time" if named.role == "seconds" else "not a length of time"
        problems.add(number.spot, f"the quantity {name!r} cannot stand here: it is {is_}")
        return
    low, high, rule = BOUNDS.get(number.role, (float("-inf"), float("inf"), ""))
    for entry in named.entries:
        if isinstance(entry.what, Quantity) and not low <= entry.what.value <= high:
            problems.add(number.spot, f"the quantity {name!r} ({entry.what.value:g}) cannot stand here: {rule}")
        for side in entry.what.claims if isinstance(entry.what, Quantity) else ():
            stated = [item for item in (side.low, side.value, side.high) if item is not None]
            if not all(low <= item <= high for item in stated):
                told = ", ".join(f"{item:g}" for item in stated)
                problems.add(number.spot, f"the quantity {name!r} by {side.name!r} ({told}) cannot stand here: {rule}")


def check_dates(scenario: Scenario, problems: Problems) -> None:
    """Groups set out within the scenario's time; who is somewhere at the start joined before it."""
    for group in scenario.groups.values():
        if group.date and not scenario.start <= group.date.date <= scenario.end:
            message = (
                f"the group {group.id!r} sets out on {group.date.date}, outside {scenario.start} to {scenario.end}"
            )
            problems.add(group.spot, message)
        if group.from_ and group.until and group.until.date < group.from_.date:
            problems.add(group.spot, f"the group {group.id!r} ends ({group.until.date}) before it begins")
    for facility in scenario.facilities.values():
        blocks = facility.background.initial if facility.background else ()
        joined = [block.joined for block in blocks] + [entry.joined for entry in facility.initial]
        for instant in joined:
            if instant.date > scenario.start:
                message = f"{facility.id!r}: what is there at the start joined before it, not on {instant.date}"
                problems.add(facility.spot, message)


def check_policies(scenario: Scenario, problems: Problems) -> None:
    """Ladders look at stocks that exist, and change only what a run that has begun can change."""
    from .changes import why_not_from

    for policy in scenario.policies.values():
        for rung in policy.ladder:
            series = check_series(rung.series, rung.spot, scenario, problems)
            if series and (series.verb not in STOCKS or series.verb == "all_waiting"):
                message = f"a ladder looks at a stock of people, as it stands at midnight; {rung.series!r} is not one"
                problems.add(rung.spot, message, [verb for verb in STOCKS if verb != "all_waiting"])
            for change in rung.changes:
                why = why_not_from(scenario, change.path)
                if why:
                    problems.add(change.spot, why)


def check_answers(scenario: Scenario, problems: Problems) -> None:
    """Prices are of series that exist, statements of headlines that do."""
    for price in scenario.prices.values():
        series = check_series(price.series, price.spot, scenario, problems)
        if series and series.verb in WAITS:
            problems.add(
                price.spot, f"{price.series!r} is a length of time; a price is per event or per day of a stock"
            )
        if not scenario.currency:
            problems.add(price.spot, "prices need the `currency` that they are in, such as USD of 2018")
    for statement in scenario.statements.values():
        if statement.headline and statement.headline not in scenario.headlines:
            problems.unknown(statement.spot, "headline", statement.headline, scenario.headlines)


def check_shelters(scenario: Scenario, problems: Problems) -> None:
    """Shelters refer to shelters at the same place; gates lead into a holding at theirs."""
    for facility in scenario.facilities.values():
        for other in facility.refer_to:
            if scenario.facilities[other].at != facility.at:
                message = f"{facility.id!r} refers to {other!r}, which is at another place"
                problems.add(facility.spot, f"{message} ({scenario.facilities[other].at!r})")
        if facility.into and facility.per == "party" and scenario.facilities[facility.into].per == "person":
            problems.add(facility.spot, f"{facility.id!r} counts parties, but {facility.into!r} counts people")


def check_waiting_rooms(scenario: Scenario, problems: Problems) -> None:
    """Whoever finds a waiting room full must have somewhere to go; nobody else is refused."""
    for address, step in scenario.steps().items():
        body = step.body
        if not isinstance(body, Queue | Hold):
            continue
        names = body.at if isinstance(body, Queue) else (body.in_,)
        limited = [name for name in names if scenario.facilities[name].waiting_room is not None]
        way_out = body.refused_to or (isinstance(body, Hold) and body.if_full)
        if limited and not way_out:
            message = f"{limited[0]!r} has a waiting room that may be full: the step {address!r} needs 'refused_to'"
            problems.add(step.spot, message)
        elif body.refused_to and not limited:
            problems.add(step.spot, f"'refused_to' needs a facility with 'waiting_room'; {names[0]!r} has none")


def check_desks_together(scenario: Scenario, problems: Problems) -> None:
    """Desks taken together, and desks that stay taken, are not interrupted; whoever keeps one knows where to go."""
    steps = scenario.steps()
    for address, step in steps.items():
        body = step.body
        if not isinstance(body, Queue) or not (body.with_ or body.blocks):
            continue
        word = "with" if body.with_ else "blocks"
        for name in (*body.at, *body.with_):
            desks = scenario.facilities[name]
            if desks.batch:
                problems.add(step.spot, f"{word!r} is for desks that serve one at a time; {name!r} serves batches")
            if desks.kind != "desks" or desks.preempt or desks.at_closing == "interrupt":
                what = f"{name!r} is not such" if desks.kind != "desks" else f"those of {name!r} can be interrupted"
                problems.add(step.spot, f"{word!r} is for desks whose services are not interrupted; {what}")
        if set(body.at) & set(body.with_):
            problems.add(step.spot, f"the step {address!r} needs the same desks twice")
        after = steps[step.then].body if step.then in steps else None
        if body.blocks and not takes_in(after, scenario):
            message = "'blocks' needs a next step that may have no room: 'hold', or 'queue' at one facility"
            problems.add(step.spot, f"{message} with 'waiting_room'")


def takes_in(body: object, scenario: Scenario) -> bool:
    """Whether a step may have no room for a party."""
    if isinstance(body, Queue):
        return len(body.at) == 1 and scenario.facilities[body.at[0]].waiting_room is not None
    return isinstance(body, Hold)


def check_addresses(scenario: Scenario, problems: Problems) -> None:
    """Observations and headlines name series that exist, headlines with a statistic that suits them."""
    for observation in scenario.observations.values():
        check_series(observation.series, observation.spot, scenario, problems)
        if observation.to is None:
            problems.add(observation.spot, f"the observation {observation.id!r} needs the date 'to'")
    for headline in scenario.headlines.values():
        series = check_series(headline.series, headline.spot, scenario, problems)
        if headline.of:
            check_series(headline.of, headline.spot, scenario, problems)
        if series and series.verb not in STATISTICS_OF[headline.statistic]:
            fitting = [name for name, verbs in STATISTICS_OF.items() if series.verb in verbs]
            message = f"the statistic {headline.statistic!r} does not suit {headline.series!r}, a {series.kind}"
            problems.add(headline.spot, message, fitting, nearest(headline.statistic, fitting))
        if headline.from_ and headline.to and headline.to < headline.from_:
            problems.add(headline.spot, f"'to' ({headline.to}) is before 'from' ({headline.from_})")
