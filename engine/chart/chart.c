/* Looking things up in a chart, and the names of its enumerations. */
#include "chart/compile.h"

#include <string.h>

uint32_t chart_state_by_id(const struct chart *chart, const char *id)
{
    return id == NULL ? CHART_NONE : find_id(((const struct compiled *)chart)->state_ids, chart->state_count, id);
}

uint32_t chart_step_by_id(const struct chart *chart, const char *id)
{
    return id == NULL ? CHART_NONE : find_id(((const struct compiled *)chart)->step_ids, chart->step_count, id);
}

uint32_t chart_field_by_name(const struct chart *chart, const struct chart_span *fields, const char *name)
{
    for (uint32_t i = 0; i < fields->count; i++)
        if (strcmp(chart->fields[fields->first + i].name, name) == 0) return fields->first + i;
    return CHART_NONE;
}

bool chart_is_descendant(const struct chart *chart, uint32_t state, uint32_t ancestor)
{
    return state > ancestor && state <= chart->states[ancestor].last;
}

bool chart_descriptor_matches(const struct chart_descriptor *descriptor, const char *event, size_t length)
{
    size_t n = descriptor->length;
    if (n == 0) return true;
    return length >= n && memcmp(descriptor->name, event, n) == 0 && (length == n || event[n] == '.');
}

const char *chart_class_name(enum chart_class klass)
{
    static const char *const names[] = {"law", "standard", "practice", "dealer"};
    return names[klass];
}

const char *chart_severity_name(enum chart_severity severity)
{
    static const char *const names[] = {"default", "none", "info", "minor", "major", "critical"};
    return names[severity];
}

const char *chart_type_name(enum chart_type type)
{
    static const char *const names[] = {"text",  "integer",  "decimal",  "money",    "boolean",  "yes",      "choice",
                                        "list",  "date",     "datetime", "duration", "mobile",   "landline", "wechat",
                                        "email", "contacts", "idno",     "vin",      "document", "evidence"};
    return names[type];
}
