/* guan_run: a document in memory, no store. */
#include "machine/run.h"
#include "case/kase.h"

int guan_run(const char *file, const struct guan_run_options *options, const struct guan_sink *sink, struct guan_error *error)
{
    struct run_options run = {.file = file};
    if (options) {
        run.events = options->events;
        run.event_count = options->event_count;
        run.trace = options->trace;
        run.microsteps = options->microsteps;
    }
    return run_document(&run, sink, error);
}
