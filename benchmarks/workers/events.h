// What the models in C share: random numbers, a binary heap of future events, queues in arrays, batches, the clock.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { BATCHES = 30 };

static uint64_t luck;

static inline double uniform(void) {                        // in (0, 1]; splitmix64
    uint64_t z = (luck += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return (double)(((z ^ (z >> 31)) >> 11) + 1) * 0x1.0p-53;
}
static inline double exponential(double mean) { return -mean * log(uniform()); }

typedef struct { double time; uint32_t serial, kind, who, ticket; } Event;
static Event *events;
static uint32_t n_events, room_events, next_serial;

static inline int earlier(const Event *a, const Event *b) {
    return a->time < b->time || (a->time == b->time && a->serial < b->serial);
}
static inline void schedule(double time, uint32_t kind, uint32_t who, uint32_t ticket) {
    if (n_events == room_events) {
        room_events = room_events ? 2 * room_events : 1024;
        events = realloc(events, room_events * sizeof *events);
    }
    Event new = {time, next_serial++, kind, who, ticket};
    uint32_t at = n_events++;
    while (at > 0) {
        uint32_t parent = (at - 1) / 2;
        if (!earlier(&new, &events[parent])) break;
        events[at] = events[parent];
        at = parent;
    }
    events[at] = new;
}
static inline Event next_event(void) {
    Event first = events[0], last = events[--n_events];
    uint32_t at = 0, child;
    while ((child = 2 * at + 1) < n_events) {
        if (child + 1 < n_events && earlier(&events[child + 1], &events[child])) child++;
        if (!earlier(&events[child], &last)) break;
        events[at] = events[child];
        at = child;
    }
    events[at] = last;
    return first;
}

typedef struct { uint32_t *items, first, number, room; } Queue;       // a ring; its room is a power of two
static inline void join(Queue *q, uint32_t who) {
    if (q->number == q->room) {
        uint32_t room = q->room ? 2 * q->room : 64, *items = malloc(room * sizeof *items);
        for (uint32_t i = 0; i < q->number; i++) items[i] = q->items[(q->first + i) & (q->room - 1)];
        free(q->items);
        *q = (Queue){items, 0, q->number, room};
    }
    q->items[(q->first + q->number++) & (q->room - 1)] = who;
}
static inline uint32_t head_of(Queue *q) {
    uint32_t who = q->items[q->first];
    q->first = (q->first + 1) & (q->room - 1);
    q->number--;
    return who;
}

static double batch_number[BATCHES], batch_sum[BATCHES];

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}
static double peak_mib(void) {                              // Linux: the program's own; else with who started it
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    double kib = 0;
    while (status && fgets(line, sizeof line, status)) sscanf(line, "VmHWM: %lf", &kib);
    if (status) fclose(status);
    if (kib > 0) return kib / 1024;
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_maxrss / 1024.0;
}
static double cpu_began, wall_began, before_mib;
static void begin(uint64_t seed) {
    luck = seed * 0xd1342543de82ef95ull;
    before_mib = peak_mib();
    cpu_began = seconds(CLOCK_PROCESS_CPUTIME_ID);
    wall_began = seconds(CLOCK_MONOTONIC);
}
static void tell(uint64_t n, double mean) {                 // `mean` is the crowd's answer; the others have batches
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_began, wall = seconds(CLOCK_MONOTONIC) - wall_began;
    printf("{\"version\": \"%s\", \"events\": %llu, \"cpu_s\": %.6f, \"wall_s\": %.6f, \"before_mib\": %.2f, "
           "\"peak_mib\": %.2f, \"mean\": %.9g, \"batches\": [",
           __VERSION__, (unsigned long long)n, cpu, wall, before_mib, peak_mib(), mean);
    for (int b = 0; b < BATCHES; b++) printf("%s[%.0f, %.17g]", b ? ", " : "", batch_number[b], batch_sum[b]);
    printf("]}\n");
}
