// A crowd on the move (models.py). Arguments: people, moves, seed.
#include "events.h"

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    uint32_t people = strtoul(argv[1], 0, 10), moves = strtoul(argv[2], 0, 10);
    uint64_t n = 0;
    begin(strtoull(argv[3], 0, 10));
    uint32_t *left = malloc(people * sizeof *left);
    double sum = 0;
    for (uint32_t p = 0; p < people; p++) {
        left[p] = moves;
        schedule(exponential(1.0), 0, p, 0);
    }
    while (n_events) {
        Event e = next_event();
        n++;
        if (--left[e.who]) schedule(e.time + exponential(1.0), 0, e.who, 0);
        else sum += e.time;
    }
    tell(n, sum / people);
}
