// M/M/8 at 90 % load (models.py). Arguments: people, moves (not used), seed.
#include "events.h"

enum { SERVERS = 8, ROOM = 1 << 16, ARRIVAL = 0, SERVED = 1 };

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    uint64_t people = strtoull(argv[1], 0, 10), served = 0, next_batch = people / BATCHES, n = 0;
    begin(strtoull(argv[3], 0, 10));
    double *joined = malloc(ROOM * sizeof *joined), waited[SERVERS];
    uint32_t idle[SERVERS], n_idle = SERVERS, first = 0, waiting = 0, batch = 0;
    for (uint32_t s = 0; s < SERVERS; s++) idle[s] = s;
    schedule(exponential(1 / 7.2), ARRIVAL, 0, 0);
    while (served < people) {
        Event e = next_event();
        n++;
        if (e.kind == ARRIVAL) {
            schedule(e.time + exponential(1 / 7.2), ARRIVAL, 0, 0);
            if (n_idle) {
                uint32_t s = idle[--n_idle];
                waited[s] = 0;
                schedule(e.time + exponential(1.0), SERVED, s, 0);
            } else {
                if (waiting == ROOM) abort();
                joined[(first + waiting++) & (ROOM - 1)] = e.time;
            }
            continue;
        }
        batch_number[batch]++;
        batch_sum[batch] += waited[e.who];
        if (++served == next_batch && batch < BATCHES - 1) next_batch = people * (++batch + 1) / BATCHES;
        if (waiting) {
            waited[e.who] = e.time - joined[first];
            first = (first + 1) & (ROOM - 1);
            waiting--;
            schedule(e.time + exponential(1.0), SERVED, e.who, 0);
        } else idle[n_idle++] = e.who;
    }
    tell(n, 0);
}
