// Reception in six stations (models.py). Arguments: people, moves (not used), seed.
#include "events.h"

enum { SHELTER, INTAKE, SCREENING, FAST, COURT, APPEALS, STATIONS };
enum { ARRIVAL, OPENING, END, IMPATIENT };
enum { SLOTS = 52 };
static const double mean_time[STATIONS] = {2.1, 0.02, 0.22, 0.25, 6.2, 1.1};
static const double patience[STATIONS] = {2.0, 0, 0, 0, 30.0, 0};
static const double between[2] = {1 / 10.0, 1 / 40.0};
static int idle[STATIONS] = {100, 0, 12, 4, 200, 10};
static Queue line[STATIONS][2];

typedef struct { double arrived, joined; uint32_t ticket; uint8_t class, station, gone; } Person;
static Person *person;
static uint32_t *unused, n_unused, n_person, room_person, batch;
static uint64_t served[STATIONS], gave_up[STATIONS], out, target, next_batch;
static double waited[STATIONS], time_inside;

static uint32_t new_person(double now, uint32_t class) {
    if (!n_unused && n_person == room_person) {
        room_person = room_person ? 2 * room_person : 1024;
        person = realloc(person, room_person * sizeof *person);
        unused = realloc(unused, room_person * sizeof *unused);
    }
    uint32_t p = n_unused ? unused[--n_unused] : n_person++;
    person[p] = (Person){.arrived = now, .class = class, .ticket = next_serial};
    return p;
}
static inline void serve(uint32_t p, uint32_t s, double now) {
    Person *x = &person[p];
    served[s]++;
    waited[s] += now - x->joined;
    x->ticket++;                                            // what was planned while waiting does not count any more
    schedule(now + (s == INTAKE ? mean_time[INTAKE] : exponential(mean_time[s])), END, p, x->ticket);
}
static inline void come_to(uint32_t p, uint32_t s, double now) {
    Person *x = &person[p];
    x->station = s;
    x->joined = now;
    if (idle[s]) {
        idle[s]--;
        serve(p, s, now);
        return;
    }
    join(&line[s][x->class], p);
    x->ticket++;
    if (patience[s] > 0) schedule(now + exponential(patience[s]), IMPATIENT, p, x->ticket);
}
static inline int next_in_line(uint32_t s, uint32_t *p) {
    for (int class = 0; class < 2; class++)
        while (line[s][class].number) {
            *p = head_of(&line[s][class]);
            if (!person[*p].gone) return 1;
            unused[n_unused++] = *p;                        // gave up long ago; its place in line kept the number taken
        }
    return 0;
}
static inline void leave(uint32_t p, double now) {
    time_inside += now - person[p].arrived;
    if (++out == next_batch && batch < BATCHES - 1) next_batch = target * (++batch + 1) / BATCHES;
}
static inline void end_of(uint32_t p, double now) {
    uint32_t s = person[p].station, next;
    if (s != INTAKE) {
        if (next_in_line(s, &next)) serve(next, s, now);
        else idle[s]++;
    }
    if (s == SHELTER) come_to(p, INTAKE, now);
    else if (s == INTAKE) come_to(p, SCREENING, now);
    else if (s == SCREENING) come_to(p, uniform() <= 0.7 ? COURT : FAST, now);
    else if (s == COURT && uniform() <= 0.25) come_to(p, APPEALS, now);
    else {
        leave(p, now);
        unused[n_unused++] = p;
    }
}
int main(int argc, char **argv) {
    if (argc < 4) return 2;
    uint64_t n = 0;
    uint32_t p;
    target = strtoull(argv[1], 0, 10);
    next_batch = target / BATCHES;
    begin(strtoull(argv[3], 0, 10));
    schedule(exponential(between[0]), ARRIVAL, 0, 0);
    schedule(exponential(between[1]), ARRIVAL, 1, 0);
    schedule(1.0, OPENING, 0, 0);
    while (out < target) {
        Event e = next_event();
        if (e.kind == IMPATIENT && person[e.who].ticket != e.ticket) continue;
        n++;
        if (e.kind == ARRIVAL) {
            schedule(e.time + exponential(between[e.who]), ARRIVAL, e.who, 0);
            batch_number[batch]++;
            come_to(new_person(e.time, e.who), SHELTER, e.time);
        } else if (e.kind == OPENING) {
            schedule(e.time + 1.0, OPENING, 0, 0);
            for (int i = 0; i < SLOTS && next_in_line(INTAKE, &p); i++) serve(p, INTAKE, e.time);
        } else if (e.kind == END) end_of(e.who, e.time);
        else {
            Person *x = &person[e.who];
            gave_up[x->station]++;
            if (x->station == SHELTER) batch_sum[batch]++;
            x->ticket++;
            x->gone = 1;
            leave(e.who, e.time);
        }
    }
    tell(n, time_inside / out);
}
