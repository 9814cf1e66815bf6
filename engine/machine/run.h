/* `guan run`: one document in memory on a virtual clock, until it ends or nothing is left to happen. */
#ifndef MACHINE_RUN_H
#define MACHINE_RUN_H

#include "machine/machine.h"

/* `bytes` is the document, `dir` the folder its src and invoke names are relative to (files are read by `read_file`). Output as
 * guan_run. */
struct run_options {
    const char *file;
    const char *const *events;
    size_t event_count;
    bool trace;
    uint64_t microsteps; /* 0: the default */
};
int run_document(const struct run_options *options, const struct guan_sink *sink, struct guan_error *error);

#endif
