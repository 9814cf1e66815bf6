/* How far a long command is. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

typedef void guan_progress(void *user, uint64_t done, uint64_t all);

struct progress {
    struct timespec last;
    const char *unit; /* what is counted, in the user's language */
    bool drawn;
};
/* The callback for the engine, with the progress as its user; NULL where nobody looks. */
guan_progress *progress_start(struct progress *progress, const char *unit);
void progress_draw(void *user, uint64_t done, uint64_t all);
void progress_end(struct progress *progress); /* leaves the line empty */

#endif
