/* How far a long command is: on a terminal only, and not more often than somebody can read it. */
#include "progress.h"

#include "language.h"

#include <unistd.h>

guan_progress *progress_start(struct progress *progress, const char *unit)
{
    progress->unit = unit;
    progress->drawn = false;
    clock_gettime(CLOCK_MONOTONIC, &progress->last);
    return isatty(STDERR_FILENO) ? progress_draw : NULL;
}

void progress_draw(void *user, uint64_t done, uint64_t all)
{
    struct progress *progress = user;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t ms = (now.tv_sec - progress->last.tv_sec) * 1000 + (now.tv_nsec - progress->last.tv_nsec) / 1000000;
    if (ms < 200 || all == 0) return;
    progress->last = now;
    progress->drawn = true;
    fprintf(stderr, "\r%3u %%  %llu / %llu %s", (unsigned)(done * 100 / all), (unsigned long long)done, (unsigned long long)all,
            progress->unit);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->drawn) fputs("\r\033[K", stderr);
}
