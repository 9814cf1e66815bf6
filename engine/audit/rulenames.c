/* Which events a rule's names mean. "S" and "P.S" an activity, "P.*" all of a flow, "*" all, "@marketing" messages of a class,
 * "A+start" another part of an activity's life than its completion. */
#include "audit/rulenames.h"

#include "base/text.h"

#include <string.h>

struct rule_names {
    const struct event_log *log;
    uint32_t *dense; /* by number of a text: its place among the activities, from 1 */
    uint32_t activities;
    uint8_t *known[RULE_LISTS]; /* by activity; 0: not yet asked, 1: no, 2: yes */
    uint32_t message;
};

int rule_names_new(const struct event_log *log, struct rule_names **out, struct guan_error *error)
{
    struct rule_names *names = memory_alloc(sizeof *names);
    *out = names;
    if (!names) return error_memory(error);
    names->log = log;
    names->message = log_find(log, "message");
    names->dense = memory_alloc(log->text_count * sizeof *names->dense);
    for (uint32_t i = 0; names->dense && i < log->event_count; i++) {
        uint32_t *place = &names->dense[log->events[i].activity];
        if (!*place) *place = ++names->activities;
    }
    for (size_t i = 0; i < RULE_LISTS; i++) {
        names->known[i] = memory_alloc(names->activities + (size_t)1);
        if (names->known[i] && names->dense) continue;
        rule_names_free(names);
        *out = NULL;
        return error_memory(error);
    }
    return GUAN_OK;
}

void rule_names_free(struct rule_names *names)
{
    if (!names) return;
    for (size_t i = 0; i < RULE_LISTS; i++) memory_free(names->known[i]);
    memory_free(names->dense);
    memory_free(names);
}

void rule_names_forget(struct rule_names *names)
{
    for (size_t i = 0; i < RULE_LISTS; i++) memset(names->known[i], 0, names->activities + (size_t)1);
}

bool rule_name_means(const char *name, const char *activity)
{
    size_t n = strlen(name);
    const char *dot = strchr(activity, '.');
    if (strcmp(name, "*") == 0 || strcmp(name, activity) == 0) return true;
    if (n > 2 && strcmp(name + n - 2, ".*") == 0) return strncmp(activity, name, n - 1) == 0;
    return dot && strcmp(name, dot + 1) == 0;
}

static bool of_class(const struct rule_names *names, const struct chart_names *list, const struct log_event *event)
{
    const struct log_attribute *message = log_attribute_of(names->log, event->attributes, event->attribute_count, names->message);
    if (!message || message->kind != VALUE_TEXT) return false;
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i][0] == '@' && strcmp(list->items[i] + 1, log_text(names->log, message->as.text)) == 0) return true;
    return false;
}

static bool of_life(const struct rule_names *names, const struct chart_names *list, const struct log_event *event)
{
    const char *activity = log_text(names->log, event->activity), *life = log_text(names->log, event->lifecycle);
    for (uint32_t i = 0; i < list->count; i++) {
        const char *plus = strrchr(list->items[i], '+');
        size_t length = plus ? (size_t)(plus - list->items[i]) : 0;
        if (plus && strcmp(plus + 1, life) == 0 && strlen(activity) == length && memcmp(activity, list->items[i], length) == 0)
            return true;
    }
    return false;
}

bool rule_names_event(struct rule_names *names, enum rule_list which, const struct chart_names *list,
                      const struct log_event *event)
{
    if (!list->count) return false;
    if (event->life == LOG_OTHER) return of_life(names, list, event);
    uint8_t *known = &names->known[which][names->dense[event->activity]];
    if (!*known) {
        *known = 1;
        for (uint32_t i = 0; i < list->count; i++)
            if (rule_name_means(list->items[i], log_text(names->log, event->activity))) *known = 2;
    }
    return *known == 2 || of_class(names, list, event);
}
