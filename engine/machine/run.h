/* `guan run`: one document in memory on a virtual clock, until it ends or nothing is left to happen. */
#ifndef MACHINE_RUN_H
#define MACHINE_RUN_H

#include "machine/machine.h"

/* Output as guan_run:
 *   {"log":LABEL,"value":…}
 *   {"error":NAME,"session","text"}   for every error event
 *   {"microstep":{"session","event","exit":[…],"transitions":[{"source","targets":[…],"line"}],"entry":[…]}}   with `trace`;
 * without "event" when eventless
 *   {"final":ID} or {"stable":[ID…]}  last; the active states that have no active child
 * The events come first, each when the one before is worked off; then time jumps from timer to timer. What src and invoke name is
 * looked for beside the document that names it, never above. */
struct run_options {
    const char *file;
    const char *const *events;
    size_t event_count;
    bool trace;
    uint64_t microsteps; /* 0: the default */
};
int run_document(const struct run_options *options, const struct guan_sink *sink, struct guan_error *error);

#endif
