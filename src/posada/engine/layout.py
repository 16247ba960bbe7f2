"""The shape of a program and of a running state: named tables of flat records, declared once.

A `Program` says what can happen and never changes during a run; a `State` is everything that does. Both are tuples of
NumPy structured arrays, so that saving a state is writing its arrays, and adding a scenario never compiles anything.
Times are float64 seconds since the scenario's start.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

N_CLASSES = 9
"""Classes of members: sex by age band, and `unstated`."""

# --- codes -------------------------------------------------------------------------------------------------------

# Phases of one instant, in order ("Rules that decide" in docs/language.md). Recording is first, so that an interval is
# [from, to): what happens at midnight belongs to the day that begins.
PHASE_RECORD, PHASE_CHANGE, PHASE_END, PHASE_GIVE_UP, PHASE_ARRIVE, PHASE_GATE, PHASE_NIGHT = range(7)

# Kinds of events: four times the phase, and which of its kinds.
EV_STEP, EV_MAX_STAY, EV_GATHER = (4 * PHASE_END + i for i in range(3))
EV_GIVE_UP = 4 * PHASE_GIVE_UP
EV_ARRIVE = 4 * PHASE_ARRIVE
EV_DUE = 4 * PHASE_GATE

# Buffers that can be short; the last means that one was overrun, which is a bug.
SHORT_PARTIES, SHORT_EVENTS, SHORT_LOGS, SHORT_FAMILIES, SHORT_HISTORY = range(1, 6)
OVERRUN = 9

# Kinds of entries in the calendar.
(
    CAL_INITIAL,
    CAL_CHANGE,
    CAL_OPEN,
    CAL_CLOSE,
    CAL_SHIFT_BEGIN,
    CAL_SHIFT_END,
    CAL_BACKGROUND,
    CAL_GATE,
    CAL_DEPART,
    CAL_NIGHT,
    CAL_RECORD,
    CAL_MESSAGE,
) = range(12)

(
    STEP_TRAVEL,
    STEP_WAIT,
    STEP_QUEUE,
    STEP_STAY,
    STEP_HOLD,
    STEP_RELEASE,
    STEP_BRANCH,
    STEP_CHOOSE,
    STEP_SPLIT,
    STEP_REJOIN,
    STEP_GATHER,
    STEP_SET,
    STEP_GO,
    STEP_OUTCOME,
    STEP_ROAM,
) = range(15)

WAIT_FOR, WAIT_INSTANT, WAIT_CLOCK, WAIT_FIRST_OF = range(4)

FAC_ROOM, FAC_DESKS, FAC_GATE, FAC_DEPARTURES = range(4)

(
    DIST_FIXED,
    DIST_EXPONENTIAL,
    DIST_UNIFORM,
    DIST_TRIANGULAR,
    DIST_LOGNORMAL,
    DIST_WEIBULL,
    DIST_ERLANG,
    DIST_DAILY_CHANCE,
    DIST_LOGNORMAL_MEAN,
    DIST_GAMMA,
    DIST_HYPEREXPONENTIAL,
    DIST_PERT,
    DIST_EMPIRICAL,
) = range(13)

# Where the parties of a group come from: all at once, a stream, at intervals, or a table of dates.
SOURCE_ONCE, SOURCE_STREAM, SOURCE_RENEWAL, SOURCE_TABLE = range(4)

# Columns of `service`: when a service will end; what was left of it when it was interrupted; the lot in a random order,
# or the turn of its group; 1 if it has waited as long as a batch lets it.
SERVICE_END, SERVICE_LEFT, SERVICE_LOT, SERVICE_DUE = range(4)

# Who in a line is next: who came first, anybody, or the group whose turn it is.
ORDER_FIRST, ORDER_RANDOM, ORDER_GROUP = range(3)

SHAPE_ANY, SHAPE_WHOLE, SHAPE_NOT_NEGATIVE, SHAPE_SHARE = range(4)

# Numbers of a place, in the order in which their slots stand in `lists`.
NUMBER_UNSAFE, NUMBER_OPEN, NUMBER_POPULATION, NUMBER_CAPACITY = range(4)

# What a movement says of leaving, before its entries for kinds of places: three numbers each (slot, expression, daily).
LEAVES_UNSAFE, LEAVES_ELSE, LEAVES_KINDS = range(3)

# What of a way is looked at, in `look` after the place.
WAY_KM, WAY_HOURS, WAY_COST, WAY_DANGER, WAY_LINKS = range(1, 6)
LOOK = 6

WATCH_NONE, WATCH_FACILITY, WATCH_RATE, WATCH_LINK, WATCH_SHIFT = range(5)

# Where a party is in its step.
FREE, READY, TIMED, QUEUED, IN_SERVICE, AT_LINK, AT_GATHER, AT_REJOIN = range(8)

# Ways a wait can end.
SERVED, GAVE_UP, REFUSED, STILL_WAITING = range(4)

# How a step of a history ended, where it is not the tally code of an option or an outcome; waits in the order above.
HOW_DONE, HOW_SERVED, HOW_GAVE_UP, HOW_REFUSED, HOW_REJOINED, HOW_PARTED, HOW_BED, HOW_NO_BED, HOW_STILL_THERE = range(
    -1, -10, -1
)

HISTORY_SPARE = 4096
"""Rows that a turn of the loop may write besides one for each party: a thousand steps in no time, and some."""

# Operations of the expression language, in postfix order.
(
    OP_CONST,
    OP_SLOT,
    OP_ATTR_IS,
    OP_PEOPLE,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_NEG,
    OP_IF,
    OP_MIN,
    OP_MAX,
    OP_EXP,
    OP_LOG,
    OP_QUEUE,
    OP_WAITING,
    OP_EXPECTED,
    OP_FREE,
    OP_OPEN,
    OP_SINCE,
    OP_DAYS_WAITED,
    OP_PLACE,
    OP_KIND_IS,
    OP_THERE,
    OP_CROWDING,
    OP_FOREIGN,
    OP_KM_HOME,
    OP_WAY,
    OP_BEEN,
    OP_CAME,
) = range(39)

# Why `advance` came back.
(
    DONE,
    BUDGET,
    ROOM,
    ERR_SPIN,
    ERR_NO_OPTION,
    ERR_SHARES,
    ERR_NOT_FINITE,
    ERR_LOST,
    ERR_ELSEWHERE,
    ERR_TOO_MANY,
    ERR_NO_SOURCE,
) = range(11)
GOES_ON = -1
"""What a step says of a party that is at another step now."""

# Where the parts of a tally's key begin, in bits: level, bin, code, interval.
KEY_BIN, KEY_CODE, KEY_INTERVAL = 17, 25, 42
TALLY_ROWS = 1 << 13
"""Rows of the tally of waits; when it is full its rows go to the log, so that it stays in the processor's cache."""

BIN_EDGES_DAYS = (
    0,
    0.02,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2,
    3,
    5,
    7,
    10,
    14,
    21,
    30,
    45,
    60,
    90,
    120,
    180,
    270,
    365,
    545,
    730,
    1095,
    1460,
    1825,
    2555,
)


def _table(*fields: tuple[str, str, str]) -> np.dtype[Any]:
    """A record type from (name, NumPy type, meaning); the meaning is kept as the field's title-free documentation."""
    dtype = np.dtype([(name, kind) for name, kind, _ in fields], align=True)
    _MEANINGS[id(dtype)] = {name: meaning for name, _, meaning in fields}
    _KEEP.append(dtype)
    return dtype


_MEANINGS: dict[int, dict[str, str]] = {}
_KEEP: list[np.dtype[Any]] = []


def meanings(dtype: np.dtype[Any]) -> dict[str, str]:
    """What each field of a record type means."""
    return _MEANINGS[id(dtype)]


# --- the program -------------------------------------------------------------------------------------------------

STEP = _table(
    ("key", "u8", "hash of the step's address: the purpose of its draws"),
    ("kind", "i4", "STEP_*"),
    ("then", "i4", "step that follows"),
    ("stage", "i4", "pathway"),
    ("visits", "i4", "column in `visits` if the step lies on a cycle, else -1"),
    ("by_group", "i4", "row in `group_memory` if one draw serves the group, else -1"),
    ("daily", "i4", "1: the count of a draw is the local date"),
    ("a", "i4", "main operand: link, facility, list, outcome, first option, ... by kind"),
    ("b", "i4", "second operand: number of options or of list entries, place, ..."),
    ("c", "i4", "third operand: step to go to (gave up, full, parted)"),
    ("dist", "i4", "duration: of the wait, journey, service, or at most"),
    ("dist2", "i4", "duration: patience, or pace of a journey"),
    ("t", "f8", "instant (gives up at), local seconds (wait until), or clock time in seconds; NaN if none"),
    ("mode", "i4", "kind of wait, shape of the step, or slot of the most people that a split parts"),
    ("cell", "i4", "cell of those under way (travel to), else -1"),
    ("code", "i4", "tally code of what the step counts, else -1"),
    ("refused", "i4", "step to go to when the waiting room is full, else -1"),
    ("when", "i4", "expression: gives up when it becomes true, or -1"),
    ("with_first", "i4", "first entry in `lists` of the desks that are needed besides"),
    ("with_n", "i4", "number of those"),
    ("blocks", "i2", "1: the desk stays taken until the next step takes the party"),
    ("batch", "i2", "1: a desk of this step serves batches"),
)
OPTION = _table(
    ("key", "u8", "hash of the option's name"),
    ("then", "i4", "step that follows"),
    ("slot", "i4", "slot of the share, or -1"),
    ("expr", "i4", "expression of the share or utility, or -1; -2: takes the rest"),
    ("cond", "i4", "expression that allows the option, or -1"),
    ("dist", "i4", "duration (first_of), or -1"),
    ("t", "f8", "local seconds of an instant (first_of), or NaN"),
    ("code", "i4", "tally code `took`"),
)
DIST = _table(
    ("kind", "i4", "DIST_*"),
    ("p", "i4", "slot of the first parameter"),
    ("q", "i4", "slot of the second parameter"),
    ("r", "i4", "slot of the third parameter"),
)
FACILITY = _table(
    ("key", "u8", "hash of its id"),
    ("kind", "i4", "FAC_*"),
    ("at", "i4", "place, or -1 (anywhere)"),
    ("zone", "i4", "zone of its clock"),
    ("per_person", "i4", "1: capacity counts people"),
    ("capacity", "i4", "slot: places, staff, slots a day, seats; -1: no limit"),
    ("others", "i4", "slot: places taken by others, or -1"),
    ("overtake", "i4", "1: smaller parties may pass one that does not fit"),
    ("carry_over", "i4", "1: unused slots are kept"),
    ("when_full", "i4", "1: leaves at once when full"),
    ("into", "i4", "holding that must have room, or -1"),
    ("is_bed", "i4", "1: bed or camp: given up when the party leaves the place"),
    ("is_holding", "i4", "1: custody"),
    ("admits", "i4", "bit mask of party types that a room admits"),
    ("max_stay", "i4", "duration, or -1"),
    ("refer_first", "i4", "first entry in `lists` of rooms tried after max_stay"),
    ("refer_n", "i4", "number of those"),
    ("pools_first", "i4", "first entry in `lists` of the rooms that a shelter is made of"),
    ("pools_n", "i4", "number of those; 0: the shelter is one room"),
    ("serves_first", "i4", "first entry in `lists` of shelters whose list this room serves"),
    ("serves_n", "i4", "number of those"),
    ("dist", "i4", "service time of a desk, or -1"),
    ("classes", "i4", "number of priority classes"),
    ("class_expr", "i4", "first entry in `lists` of the classes' expressions"),
    ("queue", "i4", "first row in `queues`"),
    ("bg_rate", "i4", "slot: background arrivals a day, or -1"),
    ("bg_class", "i4", "class of the background"),
    ("hours", "i4", "1: opens and closes by the calendar"),
    ("days", "i4", "bit mask of the weekdays on which a gate has slots, Monday first"),
    ("cell_wait", "i4", "cell of those waiting"),
    ("cell_in", "i4", "cell of those in service or in place"),
    ("cell_no_bed", "i4", "cell of those without a bed, or -1"),
    (
        "code_joined",
        "i4",
        "tally codes: joined, served, gave up, nights, nights without, moved in, out, put out, waits",
    ),
    ("code_served", "i4", ""),
    ("code_gave_up", "i4", ""),
    ("code_nights", "i4", ""),
    ("code_no_bed", "i4", ""),
    ("code_moved_in", "i4", ""),
    ("code_moved_out", "i4", ""),
    ("code_put_out", "i4", ""),
    ("code_wait", "i4", "first of four: served, gave up, refused, still waiting"),
    ("waiting_room", "i4", "slot: how many may wait, or -1: no limit"),
    ("order", "i4", "ORDER_*: who is next in a line"),
    ("newest", "i4", "slot: from 0.5 whoever joined last is next, or -1: never"),
    ("preempt", "i4", "1: a better class interrupts the service of a worse one"),
    ("interrupts", "i4", "1: closing interrupts those in service"),
    ("in_service", "i4", "first row in `queues` of those in service, by class; -1: not kept"),
    ("shifts_first", "i4", "first entry in `lists` of the slots of its shifts' staff"),
    ("shifts_n", "i4", "number of shifts"),
    ("shift_row", "i4", "first row in `shifts`"),
    ("users_first", "i4", "first entry in `lists` of the desks that need this one besides"),
    ("users_n", "i4", "number of those"),
    ("special", "i4", "1: any of order, preemption, closing, batches, desks together or kept is at work here"),
    ("listens", "i4", "1: somebody in its line may give up when a message comes"),
    ("code_refused", "i4", "tally codes: refused, interrupted, busy periods"),
    ("code_interrupted", "i4", ""),
    ("code_busy", "i4", ""),
    ("batch", "i4", "slot: the most who are served together, or -1: each alone"),
    ("least", "i4", "slot: the fewest for whom a batch begins or a vehicle leaves, or -1: one"),
    ("batch_due", "i4", "duration: the longest that somebody waits for others to come, or -1"),
    ("vehicles", "i4", "slot: vehicles that leave at each hour, or -1: one"),
    ("turn_by", "i4", "column of the attribute whose levels are the groups of ORDER_GROUP, or -1"),
    ("turn_levels", "i4", "number of those levels"),
    ("turns", "i4", "first row in `queues` of the groups' turns, by class and level"),
)
LINK = _table(
    ("from_", "i4", "place"),
    ("to", "i4", "place"),
    ("length", "i4", "slot: km"),
    ("speed", "i4", "slot: km/h"),
    ("open", "i4", "slot: 1 open, 0 closed"),
    ("hours_first", "i4", "first row in `windows`; -1: always"),
    ("hours_n", "i4", "number of windows"),
    ("zone", "i4", "zone of its start"),
    ("cell", "i4", "cell of those on it"),
    ("code_travelled", "i4", "tally code"),
    ("forced", "i4", "slot: above 0 if those who leave its start must take it, or -1"),
    ("cost", "i4", "slot, or -1"),
    ("danger", "i4", "slot, or -1"),
    ("hours_a_day", "f8", "open hours of its mode, mean of the week"),
)
PLACE = _table(
    ("key", "u8", "hash of its id"),
    ("zone", "i4", "zone of its clock"),
    ("cell", "i4", "cell of those present"),
    ("code_arrived", "i4", "tally code"),
    ("code_left", "i4", "tally code"),
    ("country", "i4", "number of its country, or -1"),
    ("kind", "i4", "number of its kind, or -1"),
    ("numbers", "i4", "first of eight entries in `lists`: slots of its numbers, -1 where none is stated"),
)
MOVEMENT = _table(
    ("slot", "i4", "utility: slot, or -1"),
    ("expr", "i4", "utility: expression, or -1"),
    ("own", "i4", "1: the utility depends on the party or on who is there, and is never kept"),
    ("leaves", "i4", "first entry in `lists` of what it says of leaving"),
    ("everywhere", "i4", "1: every place is known, by its shortest way"),
    ("at", "f8", "hour of the daily decision, seconds"),
    ("daily", "i4", "1: time passes in whole days"),
    ("first_speed", "i4", "slot: km/h on the first link, or -1"),
    ("first_hours_first", "i4", "first row in `windows`; -1: always"),
    ("first_hours_n", "i4", "number of windows"),
    ("first_hours_a_day", "f8", "open hours of the first link's mode, mean of the week"),
    ("keeps_going", "i4", "1: at other places than those of its kinds, people go on for a full day"),
    ("forced", "i4", "1: forced links are taken"),
    ("passes", "i4", "1: who follows a way goes on at each place along it"),
)
VIEW = _table(
    ("key", "u8", "hash of the links of the way"),
    ("to", "i4", "place"),
    ("first", "i4", "first entry in `lists` of the links of the way"),
    ("n", "i4", "number of links; 0: the shortest way at the time"),
)
GROUP = _table(
    ("key", "u8", "hash of the group's id"),
    ("people", "i4", "slot: people all told, or -1"),
    ("rate", "i4", "slot: people a day, or -1"),
    ("mean_size", "i4", "slot: mean people in a party"),
    ("place", "i4", "place"),
    ("step", "i4", "first step"),
    ("t", "f8", "when it sets out, or when its stream begins"),
    ("until", "f8", "when its stream ends"),
    ("kind_first", "i4", "first row in `kinds`"),
    ("kind_n", "i4", "number of kinds of parties"),
    ("class_first", "i4", "slot of the share of the first class of members"),
    ("all_unstated", "i4", "1: members are unstated"),
    ("level_first", "i4", "first row in `levels`"),
    ("level_n", "i4", "number of rows"),
    ("code", "i4", "tally code `set_out`"),
    ("source", "i4", "SOURCE_*"),
    ("batch", "i4", "slot: parties that come at once"),
    ("every", "i4", "duration between arrivals, or -1"),
    ("week", "i4", "first of seven slots of the weekdays' factors, Monday first; -1: none"),
    ("amplitude", "i4", "slot: of a sinusoidal season, or -1"),
    ("period", "i4", "slot: its length, seconds"),
    ("peak", "f8", "an instant at which it is highest"),
    ("zone", "i4", "zone of its clock"),
    ("row_first", "i4", "first row in `arrivals`"),
    ("row_n", "i4", "number of rows"),
    ("weight_slot", "i4", "slot of the weight by which each party's place is drawn, or -1"),
    ("weight_expr", "i4", "expression of it, or -1; with neither, all are from `place`"),
    ("weight_own", "i4", "1: it depends on the party"),
)
ARRIVAL = _table(
    ("t", "f8", "when the first may come"),
    ("until", "f8", "until when they are spread; `t` if all come at once"),
    ("people", "i8", "how many"),
)
KIND = _table(
    ("key", "u8", "hash of the name"),
    ("share", "i4", "slot"),
    ("size", "i4", "people (members drawn by class), or 0: members as given"),
    ("members", "i4", "first of nine entries in `lists`: members by class"),
    ("fixed_first", "i4", "first entry in `lists` of (attribute, level) pairs that the kind fixes"),
    ("fixed_n", "i4", "number of pairs"),
)
LEVEL = _table(
    ("key", "u8", "hash of attribute and level"),
    ("attribute", "i4", "column"),
    ("level", "i4", "level"),
    ("slot", "i4", "share; -2: the rest"),
)
CALENDAR = _table(
    ("t", "f8", "instant"),
    ("phase", "i4", "PHASE_*"),
    ("kind", "i4", "CAL_*"),
    ("a", "i4", "slot, facility, zone, or record"),
    ("b", "i4", "value, first of the day, ..."),
)
CHANGE = _table(("t", "f8", "instant"), ("value", "i4", "index in `values`"))
SLOT = _table(
    ("value", "i4", "index in `values` at the start"),
    ("shape", "i4", "SHAPE_*: what its place allows"),
    ("watch", "i4", "WATCH_*: who is told of a change"),
    ("who", "i4", "facility, group or link"),
    ("change_first", "i4", "first row in `changes`"),
    ("change_n", "i4", "number of changes"),
)
EXPR = _table(
    ("op", "i4", "OP_*; a row of op -1 ends it"),
    ("arg", "i4", "operand"),
    ("arg2", "i4", "operand"),
    ("value", "f8", "constant or instant"),
)
WINDOW = _table(("days", "i4", "bit mask, Monday first"), ("start", "f8", "seconds"), ("end", "f8", "seconds"))
OFFSET = _table(("t", "f8", "from this instant"), ("offset", "f8", "local clock minus engine time, seconds"))
INITIAL = _table(
    ("facility", "i4", "-1: parties"),
    ("group", "i4", ""),
    ("step", "i4", ""),
    ("joined", "f8", ""),
    ("number", "i4", "slot"),
    ("place", "i4", ""),
)
BY = _table(("attribute", "i4", "column, or -1: sex and age"), ("base", "i4", "first level index"))
PROGRAM_HEAD = _table(
    ("n_levels", "i4", "levels of all breakdowns, with the total"),
    ("n_cells", "i4", "cells"),
    ("n_attributes", "i4", "columns of attributes: group, party_type, declared ones"),
    ("n_by", "i4", "breakdowns"),
    ("by_group", "i4", "first level of the breakdown by group; 0: there is none"),
    ("by_others", "i4", "1: there are other breakdowns than by group"),
    ("n_facilities", "i4", ""),
    ("n_groups", "i4", ""),
    ("n_stages", "i4", ""),
    ("n_zones", "i4", ""),
    ("n_gathers", "i4", ""),
    ("n_visits", "i4", "steps on cycles"),
    ("n_codes", "i4", "codes of flows and outcomes come first, those of waits after them"),
    ("weekday", "i4", "of the first day; 0 is Monday"),
    ("end", "f8", "end of the run"),
    ("cell_active", "i4", ""),
    ("cell_apart", "i4", ""),
    ("cell_children_apart", "i4", ""),
    ("stage_cell", "i4", "cell of the first stage"),
    ("held", "i4", "1: there are rooms, families or other things that `held` is for"),
    ("members", "i4", "1: some parties have members of stated sex and age"),
    ("total_first", "i4", "first of the levels that make up the total"),
    ("total_n", "i4", "number of those; 0: the total is counted by itself"),
    ("wait_rows", "i8", "rows that one turn of the loop may add to the log of waits"),
    ("n_places", "i4", ""),
    ("roams", "i4", "1: some parties choose their way"),
    ("been", "i4", "words of the places where a party has been; 0: nobody asks"),
)


class Program(NamedTuple):
    """What can happen: flat tables that `advance` interprets."""

    head: Array
    steps: Array
    options: Array
    dists: Array
    facilities: Array
    links: Array
    places: Array
    groups: Array
    kinds: Array
    levels: Array
    calendar: Array
    changes: Array
    slots: Array
    exprs: Array
    windows: Array
    offsets: Array
    zones: Array
    lists: Array
    by: Array
    initial: Array
    record_times: Array
    bin_edges: Array
    present: Array
    arrivals: Array
    samples: Array
    movements: Array
    views: Array
    view_first: Array
    turns: Array
    turn_first: Array
    straight: Array


# --- the state ---------------------------------------------------------------------------------------------------

HEAD = _table(
    ("now", "f8", "engine time, seconds"),
    ("heap_n", "i8", "events in the heap"),
    ("ring_t", "f8", "where the ring of buckets begins"),
    ("ring_rate", "f8", "buckets a second"),
    ("ring_at", "f8", "bucket at hand, counted since the ring was laid; its events are in the heap"),
    ("ring_end", "f8", "first bucket that the ring does not reach"),
    ("ring_n", "i8", "buckets in use, a power of two"),
    ("ring_events", "i8", "events in the ring"),
    ("turns", "i8", "events that came to hand since the ring was last looked at"),
    ("passed", "i8", "buckets that were passed since then"),
    ("tune_at", "i8", "sum of both at which it is looked at again"),
    ("far_first", "f8", "bucket of the first event beyond the ring"),
    ("far_n", "i8", "events beyond the ring"),
    ("node_free", "i8", "first free record in `pending`, or -1"),
    ("nodes_n", "i8", "records of `pending` ever used"),
    ("calendar_i", "i8", "next entry of the calendar"),
    ("free", "i8", "first free party slot, or -1"),
    ("parties_n", "i8", "party slots ever used"),
    ("serial", "i8", "parties ever made"),
    ("ready", "i8", "first party ready to go on, or -1"),
    ("ready_last", "i8", "last such party"),
    ("tally_n", "i8", "rows in the tally"),
    ("wait_n", "i8", "rows in the log of waits"),
    ("stock_n", "i8", "rows in the log of stocks"),
    ("flow_n", "i8", "rows in the log of flows"),
    ("background_n", "i8", "rows in the log of background"),
    ("interval", "i8", "record interval"),
    ("freed", "i8", "1: some room has places that were given back at this instant"),
    ("unblock", "i8", "1: somebody who keeps a desk may be able to go on"),
    ("families_n", "i8", "families that were ever parted"),
    ("set_out", "i8", "people made"),
    ("ended", "i8", "people ended"),
    ("events", "i8", "events handled"),
    ("error_step", "i8", "step of an error"),
    ("error_serial", "i8", "party of an error (serial)"),
    ("room", "i8", "SHORT_*: which buffer is short"),
    ("instant", "i8", "instants at which anything happened"),
    ("stage_changed", "i8", "1: a gathering may have become large enough"),
    ("target", "i8", "people of a group after the present entry of `initial`, or -1"),
    ("listings", "i8", "times that a party joined a list"),
    ("history_n", "i8", "rows in the buffer of histories"),
    ("seed", "u8", "hash of seed and replicate"),
    ("network", "i8", "times that numbers have changed: what was reckoned from them before is stale"),
    ("wrong", "i8", "an error that ends the run, or 0"),
)
PARTY = _table(
    ("key", "u8", "hash of its stable name: whose draws these are"),
    ("joined", "f8", "when it joined the queue or step"),
    ("step", "i4", "step"),
    ("gen", "u4", "guards the step's event"),
    ("next", "i4", "next in queue, ready list, gathering"),
    ("serial", "u4", "order in which parties came into being"),
    ("instant", "u4", "instant of its last step, as they are counted"),
    ("interval", "u2", "record interval in which it joined"),
    ("group", "u2", "level of `group`: one more than its number"),
    ("people", "i2", "members"),
    ("spin", "i2", "steps without time passing"),
    ("status", "i1", "FREE, READY, ..."),
    ("choice", "i1", "which option ends the wait, -1 for none, -2: waits since `joined`, before the start"),
    ("apart", "i1", "1: parted from some of its family; 2: and not waited for any more"),
    ("klass", "i1", "priority class"),
    ("place", "i4", "place; under way, -2 less the cell of the way"),
    ("facility", "i4", "queue or desk, or -1"),
    ("prev", "i4", "previous in queue"),
    ("give_gen", "u4", "guards the giving-up event"),
)
"""What every step touches comes first: of a large table, which begins 16 bytes into a page of memory, that is one line
of the processor's cache, and the rest is the next."""
HELD = _table(
    ("stage_t", "f8", "when it entered its stage"),
    ("bed_until", "f8", "when its max_stay is over"),
    ("listed", "i8", "order in which it joined the list for beds"),
    ("list_next", "i4", "next on the list for beds"),
    ("list_prev", "i4", "previous"),
    ("list", "i4", "shelter on whose list it is, or -1"),
    ("stay_step", "i4", "step that asked for the bed"),
    ("bed", "i4", "bed or camp held, or -1"),
    ("bed_gen", "u4", "guards the max_stay event"),
    ("hold", "i4", "custody held, or -1"),
    ("hold2", "i4", "caseload held, or -1"),
    ("family", "i4", "row in `families`, or -1"),
)
TRACE = _table(
    ("began", "f8", "when the present step began"),
    ("started", "f8", "when its service or journey began; NaN if it has none, or not yet"),
    ("parent", "i8", "serial of the party from which it was parted, or -1"),
    ("number", "i8", "number within its group"),
    ("place", "i4", "where the step began"),
    ("facility", "i4", "of its wait, or -1"),
    ("how", "i4", "how it ends: HOW_*, or the tally code of an option or an outcome"),
    ("nth", "i4", "steps begun, this one included"),
)
HISTORY = _table(
    ("began", "f8", "when the step began"),
    ("started", "f8", "when its service or journey began, or NaN"),
    ("ended", "f8", "when it ended or was cut off"),
    ("party", "i8", "serial"),
    ("parent", "i8", "serial of the party from which it was parted, or -1"),
    ("number", "i8", "number within its group"),
    ("group", "i4", "group"),
    ("step", "i4", "step"),
    ("place", "i4", "where the step began"),
    ("to", "i4", "where it ended; under way below -1"),
    ("facility", "i4", "of its wait, or -1"),
    ("how", "i4", "how it ended: HOW_*, or the tally code of an option or an outcome"),
    ("people", "i4", "members at its end"),
    ("nth", "i4", "how many steps the party had begun, this one included"),
)
ROAM = _table(
    ("until", "f8", "when it gives up looking for a place"),
    ("step", "i4", "the step in which it roams, or -1"),
    ("home", "i4", "place where it set out"),
    ("last", "i4", "place where it was before, or -1"),
    ("way", "i4", "way that it follows (row in `views`), or -1"),
    ("leg", "i4", "links of that way which it has taken"),
    ("link", "i4", "link that it took last"),
    ("links", "i4", "links taken in all"),
    ("moves", "i4", "ways chosen"),
    ("draws", "i4", "draws of leaving"),
    ("day", "i4", "local date of `moved`"),
    ("leaves", "i4", "1: it leaves at its next event; 0: it looks again"),
    ("moved", "f4", "km on that date"),
    ("recent", "f4", "mean share of a full day's distance on days before, each counting half of the next"),
    ("reach", "f4", "km that it can go on that date"),
)
EVENT = _table(
    ("t", "f8", "instant"),
    (
        "order",
        "u8",
        "phase, serial of the party (or number of the group or gathering), kind, and the generation that the "
        "party's must equal for the event to count",
    ),
    ("who", "i4", "party, group or gathering"),
    ("next", "i4", "next event in the bucket or free list"),
)
FLOW = _table(("people", "i8", "in this interval"), ("parties", "i8", "in this interval"))
FLOW_LOG = _table(
    ("interval", "i4", ""), ("code", "i4", ""), ("level", "i4", ""), ("people", "i4", ""), ("parties", "i4", "")
)
ROOM_STATE = _table(
    ("used", "i8", "people or parties in place or in service"),
    ("open", "i4", "1 within hours"),
    ("left", "i8", "slots left today"),
    ("debt", "i8", "slots owed by an oversized party"),
    ("passed", "i4", "anybody let through today"),
    ("freed", "i4", "1: places were given back at this instant"),
    ("waiting_people", "i8", "people waiting"),
    ("waiting_parties", "i8", "parties waiting"),
    ("list_head", "i4", "first on the list for beds, or -1"),
    ("list_tail", "i4", "last"),
    ("cursor", "i4", "next on the list to be looked at"),
    ("blocker", "i4", "first on the lists that a room would take but has too few places for, or -1"),
    ("bg_waiting", "i8", "background waiting"),
    ("bg_served", "i8", "background served in this interval"),
    ("bg_joined", "i8", "background joined in this interval"),
    ("bg_credit", "f8", "fraction of an arrival carried to the next day"),
    ("bg_head", "i8", "first unserved block in `blocks`"),
    ("bg_tail", "i8", "one past the last"),
    ("blocked_head", "i4", "first party that keeps a desk until it can come here, or -1"),
    ("blocked_tail", "i4", "last"),
    ("busy_since", "f8", "when the desks last began to serve anybody, or NaN"),
    ("due", "i8", "parties in line that have waited as long as a batch lets them"),
)
QUEUE = _table(
    ("head", "i4", "first party, or -1"),
    ("tail", "i4", "last party, or -1; in the row of a group's turn: its last, or -1 if none is open"),
    ("lot", "f8", "lot of the last one served, in a random order; number of the latest turn, by groups"),
)
GROUP_STATE = _table(
    ("made", "i8", "parties made"),
    ("people", "i8", "people made"),
    ("credit", "f8", "unit exponential left until the next party"),
    ("since", "f8", "when the credit was last reckoned"),
    ("gen", "u4", "guards the arrival event"),
    ("instants", "i8", "arrivals made: one for each batch"),
    ("left", "i8", "parties of a batch that have come, or people of a row still to come"),
    ("row", "i8", "row of the table at hand"),
)
CELL = _table(
    ("people", "i8", "now"),
    ("parties", "i8", "now"),
    ("most", "i8", "most people in this interval"),
    ("area", "f8", "person-seconds in this interval"),
    ("since", "f8", "when last changed"),
)
TALLY = _table(
    ("key", "u8", "one more than the interval, code, bin, level; 0 is empty"),
    ("people", "i8", ""),
    ("parties", "i8", ""),
    ("days", "f8", ""),
)
WAIT = _table(
    ("interval", "i4", "in which it began"),
    ("code", "i4", ""),
    ("bin", "i4", "of its length"),
    ("level", "i4", ""),
    ("people", "i4", ""),
    ("parties", "i4", ""),
    ("days", "f8", "of all people together"),
)
STOCK = _table(
    ("interval", "i4", ""),
    ("cell", "i4", ""),
    ("level", "i4", ""),
    ("people", "i4", ""),
    ("parties", "i4", ""),
    ("most", "i4", ""),
    ("mean", "f8", ""),
)
BACKGROUND = _table(
    ("interval", "i4", ""), ("facility", "i4", ""), ("joined", "i8", ""), ("served", "i8", ""), ("waiting", "i8", "")
)
FAMILY = _table(
    ("parts", "i4", "active parts that are waited for"),
    ("waiting", "i4", "first part that waits to rejoin, or -1"),
    ("people", "i4", "people of the whole family"),
)
GATHERING = _table(
    ("first", "i4", "first party, or -1"), ("people", "i8", "people there"), ("open", "i4", ""), ("timed", "i4", "")
)
BLOCK = _table(("joined", "f8", "instant"), ("number", "i8", "cases left"))


class State(NamedTuple):
    """Everything that changes during a run; saving a run is writing these arrays."""

    head: Array
    values: Array
    current: Array
    party: Array
    held: Array
    info: Array
    members: Array
    visits: Array
    heap: Array
    pending: Array
    far: Array
    buckets: Array
    flows: Array
    flow_log: Array
    room: Array
    queues: Array
    groups: Array
    group_stage: Array
    group_memory: Array
    cells: Array
    tally: Array
    wait_log: Array
    stocks: Array
    background: Array
    families: Array
    gatherings: Array
    blocks: Array
    link_wait: Array
    stack: Array
    service: Array
    shifts: Array
    trace: Array
    history: Array
    history_levels: Array
    roam: Array
    been: Array
    look: Array
    view_weight: Array
    view_version: Array
    reach_next: Array
    reach_km: Array
    source_weight: Array
    source_version: Array
