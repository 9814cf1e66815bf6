/* What an entry of ours gives an event of a log, the same from the journal and from either export of it. */
#include "audit/log.h"

#include "base/json.h"

#include <string.h>

void log_text_add(struct event_log *log, struct log_event *event, uint32_t key, const char *text)
{
    if (!text || !*text || event->attribute_count >= LOG_COLUMNS) return;
    log_attribute_add(log,
                      (struct log_attribute){.key = key, .kind = VALUE_TEXT, .as.text = log_intern(log, text, strlen(text))});
    event->attribute_count++;
}

/* A list or a record is a text, its JSON: what is there is not "nothing". */
static void add_json(struct event_log *log, struct log_event *event, uint32_t key, const struct value *value)
{
    struct buffer text = {0};
    json_write(&text, value);
    if (text.failed) log->failed = true;
    else log_text_add(log, event, key, text.data);
    buffer_release(&text);
}

static void add_value(struct event_log *log, struct log_event *event, uint32_t key, const struct value *value)
{
    struct log_attribute attribute = {.key = key, .kind = value->kind};
    if (event->attribute_count >= LOG_COLUMNS) return;
    switch (value->kind) {
    case VALUE_NULL: return;
    case VALUE_BOOL: attribute.as.integer = value->as.truth; break;
    case VALUE_INT: attribute.as.integer = value->as.integer; break;
    case VALUE_REAL: attribute.as.real = value->as.real; break;
    case VALUE_TEXT: log_text_add(log, event, key, value->as.text.bytes); return;
    default: add_json(log, event, key, value); return;
    }
    log_attribute_add(log, attribute);
    event->attribute_count++;
}

void log_map_add(struct event_log *log, struct log_event *event, const struct value *map)
{
    for (size_t i = 0; map && map->kind == VALUE_MAP && i < map->as.map.count; i++) {
        const char *key = map->as.map.items[i].key;
        if (map->as.map.items[i].value) add_value(log, event, log_intern(log, key, strlen(key)), map->as.map.items[i].value);
    }
}

void log_amend(struct event_log *log, uint32_t kase, uint32_t n, instant at, const struct value *form, const struct value *facts)
{
    for (uint32_t i = log->event_count; i-- > 0 && log->events[i].kase == kase;) {
        struct log_event *event = &log->events[i];
        if (event->n != n) continue;
        uint32_t old = event->attributes, count = event->attribute_count;
        if (at != INSTANT_NONE) event->at = at;
        event->attributes = log->attribute_count;
        event->attribute_count = 0;
        log_map_add(log, event, form);
        log_map_add(log, event, facts);
        for (uint32_t k = old; k < old + count && event->attribute_count < LOG_COLUMNS; k++) {
            log_attribute_add(log, log->attributes[k]);
            event->attribute_count++;
        }
        return;
    }
}

uint32_t log_person(struct event_log *log, const char *text)
{
    struct buffer all = {0};
    uint32_t number = 0;
    while (*text) {
        size_t length = strcspn(text, " "), from = length;
        while (from > 0 && text[from - 1] != '/') from--;
        if (all.length) buffer_byte(&all, ' ');
        buffer_add(&all, text + from, length - from);
        text += length + strspn(text + length, " ");
    }
    if (all.failed) log->failed = true;
    else if (all.length) number = log_intern(log, all.data, all.length);
    buffer_release(&all);
    return number;
}
