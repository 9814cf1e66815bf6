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
    put_statement(export);
    return arena_failed(export->arena) ? error_memory(error) : GUAN_OK;
}

static int put_event(struct export *export, struct dossier *dossier, const struct export_event *event, struct guan_error *error)
{
    FILE *file = export->file;
    const struct value *entry = event->entry->entry, *acting = event->acting->entry, *form = value_get(entry, "form");
    const char *actor = value_get_text(acting, "actor"), *indent = "      ";
    char time[ZONED_TEXT], uuid[37], number[32];
    zoned_format(dossier->setting->house->zone, event->entry->at, time);
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
    for (size_t i = 0; i < value_count(form); i++) {
        const char *key = arena_printf(dossier->arena, "form:%s", form->as.map.items[i].key);
        if (key) put(file, indent, "string", key, export_scalar(dossier, form->as.map.items[i].value));
    }
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
