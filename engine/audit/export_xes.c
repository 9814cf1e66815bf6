/* XES (IEEE 1849-2016), as its schema orders it: extensions, globals, classifiers, attributes, traces. */
#include "audit/export.h"

#include <string.h>

/* An attribute's value. What XML 1.0 cannot hold, a control character, is a replacement character. */
static void put_escaped(FILE *file, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '&') fputs("&amp;", file);
        else if (*c == '<') fputs("&lt;", file);
        else if (*c == '>') fputs("&gt;", file);
        else if (*c == '"') fputs("&quot;", file);
        else if (*c == '\t' || *c == '\n' || *c == '\r') fprintf(file, "&#%u;", (unsigned)*c);
        else if (*c < 0x20) fputs("\xEF\xBF\xBD", file);
        else if (*c == 0xEF && c[1] == 0xBF && c[2] >= 0xBE) { /* U+FFFE, U+FFFF */ fputs("\xEF\xBF\xBD", file);
            c += 2;
        } else fputc(*c, file);
    }
}

static void put_open(FILE *file, const char *indent, const char *type, const char *key, const char *value)
{
    fprintf(file, "%s<%s key=\"", indent, type);
    put_escaped(file, key);
    fputs("\" value=\"", file);
    put_escaped(file, value);
    fputc('"', file);
}

static void put(FILE *file, const char *indent, const char *type, const char *key, const char *value)
{
    if (!value || !*value) return;
    put_open(file, indent, type, key, value);
    fputs("/>\n", file);
}

/* A UUID (RFC 9562, version 8) out of a hash: the same entry always has the same identity. */
static void uuid_of(const struct hash *hash, char out[37])
{
    unsigned char b[16];
    memcpy(b, hash->bytes, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x80);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5],
             b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void put_statement(struct export *export)
{
    struct value *map = statement_value(export->guan, &export->statement), *query = value_get(map, "query"),
                 *counts = value_get(map, "counts"), *kinds = value_get(counts, "kinds"),
                 *checkpoint = value_get(map, "checkpoint");
    char number[32];
    FILE *file = export->file;
    put_open(file, "  ", "string", "guan:statement", "complete as of this checkpoint for this query");
    fputs(">\n", file);
    put(file, "    ", "string", "guan:since", value_get_text(query, "since"));
    put(file, "    ", "string", "guan:until", value_get_text(query, "until"));
    put(file, "    ", "string", "guan:dealer", value_get_text(query, "dealer"));
    snprintf(number, sizeof number, "%llu", (unsigned long long)export->statement.cases);
    put(file, "    ", "int", "guan:cases", number);
    snprintf(number, sizeof number, "%llu", (unsigned long long)export->statement.entries);
    put(file, "    ", "int", "guan:entries", number);
    snprintf(number, sizeof number, "%llu", (unsigned long long)export->events);
    put(file, "    ", "int", "guan:events", number);
    for (size_t i = 0; i < value_count(kinds); i++) {
        char key[80];
        snprintf(key, sizeof key, "guan:entries:%s", kinds->as.map.items[i].key);
        snprintf(number, sizeof number, "%lld", (long long)value_as_int(kinds->as.map.items[i].value));
        put(file, "    ", "int", key, number);
    }
    put(file, "    ", "string", "guan:entries_root", value_get_text(map, "entries_root"));
    snprintf(number, sizeof number, "%lld", (long long)value_get_int(checkpoint, "size"));
    put(file, "    ", "int", "guan:ledger_size", number);
    put(file, "    ", "string", "guan:ledger_root", value_get_text(checkpoint, "root"));
    fputs("  </string>\n", file);
}

/* As of when: what an open case owes is late or not by this. */
static void put_now(struct export *export)
{
    const struct statement *statement = &export->statement;
    bool virtual = store_flags(export->guan->store) & STORE_VIRTUAL;
    instant now = virtual || export->what->period.until ? statement->last : guan_wall_clock();
    char text[ZONED_TEXT];
    if (now == INSTANT_NONE) return;
    zoned_format(statement->zone, now, text);
    put(export->file, "  ", "date", "guan:now", text);
}

static int open_xes(struct export *export, struct guan_error *error)
{
    static const char *const extensions[][3] = {{"Concept", "concept", "http://www.xes-standard.org/concept.xesext"},
                                                {"Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"},
                                                {"Time", "time", "http://www.xes-standard.org/time.xesext"},
                                                {"Organizational", "org", "http://www.xes-standard.org/org.xesext"},
                                                {"Identity", "identity", "http://www.xes-standard.org/identity.xesext"},
                                                {"Guan", "guan", "urn:guan:xes:1"}};
    FILE *file = export->file;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<log xes.version=\"1849.2016\" xes.features=\"nested-attributes\" xmlns=\"http://www.xes-standard.org/\">\n",
          file);
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        fprintf(file, "  <extension name=\"%s\" prefix=\"%s\" uri=\"%s\"/>\n", extensions[i][0], extensions[i][1],
                extensions[i][2]);
    fputs("  <global scope=\"trace\">\n    <string key=\"concept:name\" value=\"\"/>\n"
          "    <id key=\"identity:id\" value=\"00000000-0000-0000-0000-000000000000\"/>\n  </global>\n"
          "  <global scope=\"event\">\n    <string key=\"concept:name\" value=\"\"/>\n"
          "    <string key=\"concept:instance\" value=\"\"/>\n    <string key=\"lifecycle:transition\" value=\"complete\"/>\n"
          "    <date key=\"time:timestamp\" value=\"1970-01-01T00:00:00.000+00:00\"/>\n"
          "    <string key=\"org:resource\" value=\"system\"/>\n"
          "    <id key=\"identity:id\" value=\"00000000-0000-0000-0000-000000000000\"/>\n  </global>\n"
          "  <classifier name=\"Activity\" keys=\"concept:name\"/>\n"
          "  <classifier name=\"Activity and lifecycle\" keys=\"concept:name lifecycle:transition\"/>\n"
          "  <classifier name=\"Resource\" keys=\"org:resource\"/>\n",
          file);
    put(file, "  ", "string", "concept:name", "guan");
    put(file, "  ", "string", "lifecycle:model", "standard");
    put_now(export);
    put_statement(export);
    return arena_failed(export->arena) ? error_memory(error) : GUAN_OK;
}

/* --- what an entry says, corrections carried out ---------------------------------------------------------------------------- */

/* The correction of the entry that comes next before `position`; NULL: none. */
static const struct dossier_entry *correction(const struct dossier *dossier, const struct dossier_entry *entry, size_t *position)
{
    while (*position > 0) {
        const struct dossier_entry *e = &dossier->entries[--*position];
        if (e == entry) return NULL;
        bool of_it = value_as_int(value_at(value_get(e->entry, "refs"), 0)) == (int64_t)entry->n;
        if (e->inside && of_it && strcmp(e->kind, "amend") == 0) return e;
    }
    return NULL;
}

static instant time_now_said(const struct dossier *dossier, const struct dossier_entry *entry)
{
    size_t position = dossier->count;
    for (const struct dossier_entry *e; (e = correction(dossier, entry, &position));) {
        const char *text = value_get_text(value_get(e->entry, "form"), "at");
        instant at;
        if (text && instant_parse(text, strlen(text), NULL, &at, NULL) == GUAN_OK) return at;
    }
    return entry->at;
}

static void put_map(FILE *file, struct dossier *dossier, const char *prefix, const struct value *map, struct value *said)
{
    static const char *const types[] = {[VALUE_BOOL] = "boolean", [VALUE_INT] = "int", [VALUE_REAL] = "float"};
    for (size_t i = 0; map && map->kind == VALUE_MAP && i < map->as.map.count; i++) {
        const struct value *value = map->as.map.items[i].value;
        const char *name = map->as.map.items[i].key, *key = arena_printf(dossier->arena, "%s:%s", prefix, name);
        if (!value || !key || value->kind == VALUE_NULL || value_get(said, name)) continue;
        bool plain = value->kind == VALUE_BOOL || value->kind == VALUE_INT || value->kind == VALUE_REAL;
        value_set_bool(dossier->arena, said, name, true);
        put(file, "      ", plain ? types[value->kind] : "string", key, export_scalar(dossier, value));
    }
}

/* All that a rule may ask of it; the newest word first, what it said before under "was:". */
static void put_said(FILE *file, struct dossier *dossier, const struct dossier_entry *entry)
{
    const struct value *form = value_get(entry->entry, "form");
    struct value *said = value_map(dossier->arena), *before = value_map(dossier->arena);
    size_t position = dossier->count;
    char time[ZONED_TEXT];
    put(file, "      ", "string", "guan:message", export_message(dossier, entry));
    put(file, "      ", "string", "guan:evidence", export_kinds(dossier, value_get(entry->entry, "ev")));
    put(file, "      ", "string", "guan:with", export_people(dossier, value_get(entry->entry, "with")));
    put(file, "      ", "string", "guan:inst", value_get_text(entry->entry, "inst"));
    for (const struct dossier_entry *e; (e = correction(dossier, entry, &position));) {
        put_map(file, dossier, "form", value_get(e->entry, "form"), said);
        put_map(file, dossier, "facts", value_get(e->entry, "facts"), said);
    }
    for (size_t i = 0; i < value_count(said); i++) {
        struct value *old = value_get(form, said->as.map.items[i].key);
        if (old) value_set(dossier->arena, before, said->as.map.items[i].key, old);
    }
    put_map(file, dossier, "form", form, said);
    put_map(file, dossier, "facts", value_get(entry->entry, "facts"), said);
    put_map(file, dossier, "was", before, value_map(dossier->arena));
    if (time_now_said(dossier, entry) == entry->at) return;
    zoned_format(dossier->setting->house->zone, entry->at, time);
    put(file, "      ", "date", "was:time", time);
}

static int put_event(struct export *export, struct dossier *dossier, const struct export_event *event, struct guan_error *error)
{
    FILE *file = export->file;
    const struct value *entry = event->entry->entry, *acting = event->acting->entry;
    const char *actor = value_get_text(acting, "actor"), *indent = "      ";
    char time[ZONED_TEXT], uuid[37], number[32];
    zoned_format(dossier->setting->house->zone, time_now_said(dossier, event->entry), time);
    uuid_of(&event->entry->leaf, uuid);
    fputs("    <event>\n", file);
    put(file, indent, "string", "concept:name", event->activity);
    put(file, indent, "string", "concept:instance", event->instance);
    put(file, indent, "string", "lifecycle:transition", event->lifecycle);
    put(file, indent, "date", "time:timestamp", time);
    put(file, indent, "string", "org:resource", actor ? export_person(dossier, actor) : "system");
    put(file, indent, "string", "org:role", value_get_text(acting, "role"));
    put(file, indent, "id", "identity:id", uuid);
    put(file, indent, "string", "guan:title", event->title);
    put(file, indent, "string", "guan:clause", export_joined(dossier, value_get(entry, "clause")));
    if (event->entry == event->acting) put(file, indent, "string", "guan:findings", export_findings(dossier, event->acting));
    if (export->what->names) put(file, indent, "string", "guan:name", dossier_name(dossier, actor));
    zoned_format(dossier->setting->house->zone, event->entry->rec, time);
    put(file, indent, "date", "guan:recorded", time);
    snprintf(number, sizeof number, "%llu", (unsigned long long)event->entry->n);
    put(file, indent, "int", "guan:entry", number);
    put(file, indent, "string", "guan:kind", event->flow ? "flow" : event->entry->kind);
    if (!event->flow) put_said(file, dossier, event->entry);
    fputs("    </event>\n", file);
    return arena_failed(dossier->arena) ? error_memory(error) : GUAN_OK;
}

static int each_case(void *user, struct dossier *dossier, struct guan_error *error)
{
    struct export *export = user;
    FILE *file = export->file;
    struct hash hash;
    char uuid[37];
    if (hash_bytes(dossier->row->id, strlen(dossier->row->id), &hash) != GUAN_OK) return error_memory(error);
    uuid_of(&hash, uuid);
    fputs("  <trace>\n", file);
    put(file, "    ", "string", "concept:name", dossier->row->id);
    put(file, "    ", "id", "identity:id", uuid);
    put(file, "    ", "string", "guan:process", dossier->row->process);
    put(file, "    ", "string", "guan:dealer", dossier->row->dealer);
    put(file, "    ", "boolean", "guan:ended", dossier->row->ended ? "true" : "false");
    if (export->what->names) put(file, "    ", "string", "guan:key", dossier_name(dossier, "key"));
    int code = export_events(export, dossier, put_event, error);
    fputs("  </trace>\n", file);
    return code;
}

static int close_xes(struct export *export, struct guan_error *error)
{
    (void)error;
    fputs("</log>\n", export->file);
    return GUAN_OK;
}

const struct export_format export_xes = {"xes", open_xes, each_case, close_xes, NULL};
