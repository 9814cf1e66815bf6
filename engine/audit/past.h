/* Private to this layer: a question to a log, be it rules or conformance. */
#ifndef AUDIT_PAST_H
#define AUDIT_PAST_H

#include "audit/log.h"
#include "audit/rulefile.h"
#include "chart/bundle.h"

struct past {
    const struct guan_past *asked;
    struct guan *guan; /* NULL: an imported log */
    struct event_log *log;
    const struct zone *zone; /* of an imported log */
    instant since;
    uint8_t *wanted; /* by case */
};

/* The house of a dealer (by the number of its name); NULL for an imported log. */
int past_house(const struct past *past, uint32_t dealer, const struct house **out, struct guan_error *error);
/* The name of a member of staff, or what was given. */
const char *past_person(const struct past *past, uint32_t dealer, const char *actor);
/* log, cases, events, skipped */
void past_total(const struct past *past, struct arena *arena, struct value *map);

int past_rules(const struct past *past, const struct rulefile *file, const struct guan_sink *sink, struct guan_error *error);
int past_conform(const struct past *past, const struct chart *chart, const struct guan_sink *sink, struct guan_error *error);

#endif
