/* The retention table, processes/retention.xml: read by catalogue.c. Private to this folder. */
#ifndef CHART_RETENTION_H
#define CHART_RETENTION_H

#include "chart/compile.h"

struct retentions {
    struct retention *items;
    uint32_t count;
    size_t capacity;
};
/* `bases`: the words of basis=, NULL-ended. */
void retentions_read(struct retentions *out, struct arena *arena, const char *file, const struct node *root,
                     const char *const *bases, struct report *report);

#endif
