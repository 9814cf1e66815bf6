/* OCEL 2.0. Always built as the SQLite form, a database of its own: in F.sqlite, or in a temporary one that the JSON form is then
 * read out of, so that neither needs memory that grows with the journal and both say the same. Objects are the case, its
 * customers, its vehicles (by VIN) and the actors. All values are strings. */
#include "audit/ocel.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What every event has; the fields of its form follow. */
static const char *const common[] = {"entry", "lifecycle", "instance", "title",    "clause",
                                     "role",  "state",     "findings", "recorded", "leaf"};
enum { COMMON = sizeof common / sizeof *common };

const struct ocel_objects ocel_objects[OCEL_KINDS] = {
    {"case", {"process", "dealer", "ended", "key"}}, {"customer", {"role", "name"}}, {"vehicle", {"vin"}}, {"actor", {"name"}}};

static int failed(struct ocel *ocel, struct guan_error *error)
{
    return error_set(error, GUAN_FAILED, "file", "cannot write the export: %s", sqlite3_errmsg(ocel->db));
}

int ocel_run(struct ocel *ocel, const char *sql, struct guan_error *error)
{
    return sqlite3_exec(ocel->db, sql, NULL, NULL, NULL) == SQLITE_OK ? GUAN_OK : failed(ocel, error);
}

/* Runs a statement once with texts bound; NULL is NULL. It is kept for the next time. */
static int run_with(struct ocel *ocel, sqlite3_stmt *statement, const char *const *texts, size_t count, struct guan_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (sqlite3_bind_text(statement, (int)i + 1, texts[i], -1, SQLITE_TRANSIENT) != SQLITE_OK) return failed(ocel, error);
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE ? GUAN_OK : failed(ocel, error);
}

static int prepare(struct ocel *ocel, const char *sql, sqlite3_stmt **out, struct guan_error *error)
{
    return sqlite3_prepare_v2(ocel->db, sql, -1, out, NULL) == SQLITE_OK ? GUAN_OK : failed(ocel, error);
}

/* --- types ------------------------------------------------------------------------------------------------------------------ */

/* Letters and digits only, since readers put the name into SQL as it is; a number makes it unique. */
static const char *map_name(struct ocel *ocel, const char *type)
{
    char *map = arena_printf(ocel->arena, "%s", type);
    for (char *c = map; c && *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9'))) *c = '_';
    for (size_t i = 0; map && i < ocel->type_count; i++)
        if (strcasecmp(ocel->types[i].map, map) == 0) return arena_printf(ocel->arena, "%s_%zu", map, ocel->type_count);
    return map;
}

static struct ocel_type *type_of(struct ocel *ocel, const char *name)
{
    for (size_t i = 0; i < ocel->type_count; i++)
        if (strcmp(ocel->types[i].name, name) == 0) return &ocel->types[i];
    struct ocel_type *items = arena_grow(ocel->arena, ocel->types, ocel->type_count, &ocel->type_capacity, sizeof *items);
    if (!items) return NULL;
    ocel->types = items;
    struct ocel_type *type = &items[ocel->type_count];
    *type = (struct ocel_type){.name = arena_text(ocel->arena, name, strlen(name)), .map = map_name(ocel, name)};
    ocel->type_count++;
    return type;
}

/* Columns do not tell case apart. */
static void type_field(struct ocel *ocel, struct ocel_type *type, const char *field)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (strcasecmp(type->fields[i], field) == 0) return;
    const char **items = arena_grow(ocel->arena, type->fields, type->field_count, &type->field_capacity, sizeof *items);
    if (!items) return;
    type->fields = items;
    type->fields[type->field_count++] = arena_text(ocel->arena, field, strlen(field));
}

/* A waiver is not the step, and a flow's start not its end. */
static const char *event_type(struct dossier *dossier, const struct export_event *event)
{
    if (strcmp(event->lifecycle, "manualskip") == 0) return arena_printf(dossier->arena, "%s (waived)", event->activity);
    if (strcmp(event->entry->kind, "transition") != 0) return event->activity;
    return arena_printf(dossier->arena, "%s (%s)", event->activity, event->lifecycle);
}

static int register_type(struct export *export, struct dossier *dossier, const struct export_event *event,
                         struct guan_error *error)
{
    const char *name = event_type(dossier, event);
    struct ocel_type *type = name ? type_of(export->ocel, name) : NULL;
    const struct value *form = value_get(event->entry->entry, "form");
    if (!type) return error_memory(error);
    for (size_t i = 0; i < value_count(form); i++) type_field(export->ocel, type, form->as.map.items[i].key);
    return arena_failed(export->ocel->arena) ? error_memory(error) : GUAN_OK;
}

static int register_case(void *user, struct dossier *dossier, struct guan_error *error)
{
    return export_events(user, dossier, register_type, error);
}

/* --- the tables ------------------------------------------------------------------------------------------------------------- */

static const char schema[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096; BEGIN;"
    "CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);"
    "CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);"
    "CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT, FOREIGN KEY (ocel_type) REFERENCES event_map_type "
    "(ocel_type));"
    "CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT, "
    "FOREIGN KEY (ocel_type) REFERENCES object_map_type (ocel_type));"
    "CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT, "
    "PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier), FOREIGN KEY (ocel_event_id) REFERENCES event (ocel_id), "
    "FOREIGN KEY (ocel_object_id) REFERENCES object (ocel_id));"
    "CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT, "
    "PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier), FOREIGN KEY (ocel_source_id) REFERENCES object (ocel_id), "
    "FOREIGN KEY (ocel_target_id) REFERENCES object (ocel_id));"
    "CREATE TABLE guan_statement (key TEXT PRIMARY KEY, value TEXT);";

static int make_event_table(struct ocel *ocel, struct ocel_type *type, struct guan_error *error)
{
    struct buffer create = {0}, insert = {0};
    int code = GUAN_OK;
    buffer_printf(&create, "CREATE TABLE event_%s (ocel_id TEXT PRIMARY KEY, ocel_time TIMESTAMP", type->map);
    buffer_printf(&insert, "INSERT INTO event_%s VALUES (?, ?", type->map);
    for (size_t i = 0; i < COMMON; i++) {
        buffer_printf(&create, ", \"%s\" TEXT", common[i]);
        buffer_text(&insert, ", ?");
    }
    for (size_t i = 0; i < type->field_count; i++) { /* a field's name is a word of letters, digits and underscores */
        buffer_printf(&create, ", \"form.%s\" TEXT", type->fields[i]);
        buffer_text(&insert, ", ?");
    }
    buffer_text(&create, ", FOREIGN KEY (ocel_id) REFERENCES event (ocel_id))");
    buffer_text(&insert, ")");
    if (create.failed || insert.failed) code = error_memory(error);
    if (code == GUAN_OK) code = ocel_run(ocel, create.data, error);
    if (code == GUAN_OK) code = prepare(ocel, insert.data, &type->insert, error);
    buffer_release(&create);
    buffer_release(&insert);
    return code;
}

static int make_object_table(struct ocel *ocel, size_t kind, struct guan_error *error)
{
    const struct ocel_objects *objects = &ocel_objects[kind];
    char create[400], insert[200];
    int at = snprintf(create, sizeof create,
                      "INSERT INTO object_map_type VALUES ('%s', '%s'); CREATE TABLE object_%s (ocel_id TEXT, "
                      "ocel_time TIMESTAMP, ocel_changed_field TEXT",
                      objects->type, objects->type, objects->type);
    int used = snprintf(insert, sizeof insert, "INSERT INTO object_%s VALUES (?, ?, NULL", objects->type);
    for (size_t i = 0; i < OCEL_ATTRIBUTES && objects->attributes[i]; i++) {
        at += snprintf(create + at, sizeof create - (size_t)at, ", \"%s\" TEXT", objects->attributes[i]);
        used += snprintf(insert + used, sizeof insert - (size_t)used, ", ?");
    }
    snprintf(create + at, sizeof create - (size_t)at, ", FOREIGN KEY (ocel_id) REFERENCES object (ocel_id))");
    snprintf(insert + used, sizeof insert - (size_t)used, ")");
    int code = ocel_run(ocel, create, error);
    return code == GUAN_OK ? prepare(ocel, insert, &ocel->insert_object[kind], error) : code;
}

static int make_tables(struct ocel *ocel, struct guan_error *error)
{
    int code = ocel_run(ocel, schema, error);
    if (code == GUAN_OK) code = prepare(ocel, "INSERT INTO event VALUES (?, ?)", &ocel->insert_event, error);
    if (code == GUAN_OK) code = prepare(ocel, "INSERT OR IGNORE INTO object VALUES (?, ?)", &ocel->insert_id, error);
    if (code == GUAN_OK) code = prepare(ocel, "INSERT OR IGNORE INTO event_object VALUES (?, ?, ?)", &ocel->insert_e2o, error);
    if (code == GUAN_OK) code = prepare(ocel, "INSERT OR IGNORE INTO object_object VALUES (?, ?, ?)", &ocel->insert_o2o, error);
    for (size_t i = 0; i < OCEL_KINDS && code == GUAN_OK; i++) code = make_object_table(ocel, i, error);
    for (size_t i = 0; i < ocel->type_count && code == GUAN_OK; i++) {
        sqlite3_stmt *row;
        code = prepare(ocel, "INSERT INTO event_map_type VALUES (?, ?)", &row, error);
        if (code == GUAN_OK) code = run_with(ocel, row, (const char *[]){ocel->types[i].name, ocel->types[i].map}, 2, error);
        sqlite3_finalize(row);
        if (code == GUAN_OK) code = make_event_table(ocel, &ocel->types[i], error);
    }
    return code;
}

static int put_statement(struct export *export, struct guan_error *error)
{
    struct ocel *ocel = export->ocel;
    struct value *map = statement_value(export->guan, &export->statement);
    sqlite3_stmt *row;
    value_set_int(export->arena, value_get(map, "counts"), "events", (int64_t) export->events);
    int code = prepare(ocel, "INSERT INTO guan_statement VALUES (?, ?)", &row, error);
    for (size_t i = 0; i < value_count(map) && code == GUAN_OK; i++) {
        const struct value *value = map->as.map.items[i].value;
        struct buffer text = {0};
        if (value->kind == VALUE_TEXT) buffer_text(&text, value_as_text(value));
        else json_write(&text, value);
        if (text.failed) code = error_memory(error);
        else code = run_with(ocel, row, (const char *[]){map->as.map.items[i].key, text.data ? text.data : ""}, 2, error);
        buffer_release(&text);
    }
    sqlite3_finalize(row);
    return code;
}

static int open_ocel(struct export *export, const char *path, struct guan_error *error)
{
    struct ocel *ocel = arena_alloc(export->arena, sizeof *ocel);
    if (!ocel) return error_memory(error);
    export->ocel = ocel;
    ocel->arena = export->arena;
    if (sqlite3_open_v2(path, &ocel->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return failed(ocel, error);
    int code = dossier_walk(export->guan, &export->what->period, NULL, register_case, export, error);
    if (code == GUAN_OK) code = make_tables(ocel, error);
    return code == GUAN_OK ? put_statement(export, error) : code;
}

/* --- events and objects ----------------------------------------------------------------------------------------------------- */

static int put_object(struct ocel *ocel, size_t kind, const char *id, const char *const *attributes, struct guan_error *error)
{
    const char *row[2 + OCEL_ATTRIBUTES] = {id, "1970-01-01T00:00:00.000Z"};
    size_t count = 2;
    int code = run_with(ocel, ocel->insert_id, (const char *[]){id, ocel_objects[kind].type}, 2, error);
    if (code != GUAN_OK || sqlite3_changes(ocel->db) == 0) return code;
    for (size_t i = 0; i < OCEL_ATTRIBUTES && ocel_objects[kind].attributes[i]; i++) row[count++] = attributes[i];
    return run_with(ocel, ocel->insert_object[kind], row, count, error);
}

static int relate(struct ocel *ocel, sqlite3_stmt *statement, const char *from, const char *to, const char *qualifier,
                  struct guan_error *error)
{
    return run_with(ocel, statement, (const char *[]){from, to, qualifier}, 3, error);
}

static int put_person(struct export *export, struct dossier *dossier, const char *event, const char *id, const char *qualifier,
                      struct guan_error *error)
{
    const char *object = export_person(dossier, id), *name = export->what->names ? dossier_name(dossier, id) : NULL;
    int code = GUAN_OK;
    if (!id) return GUAN_OK;
    if (!object) return error_memory(error);
    if (!text_starts(id, "party:")) code = put_object(export->ocel, OCEL_ACTOR, object, (const char *[]){name}, error);
    return code == GUAN_OK ? relate(export->ocel, export->ocel->insert_e2o, event, object, qualifier, error) : code;
}

/* Vehicles of a record: fields of type vin. */
static int put_vehicles(struct export *export, struct dossier *dossier, const struct dossier_entry *e, const char *event,
                        struct guan_error *error)
{
    const struct value *form = value_get(e->entry, "form");
    const struct chart_step *step = dossier_step(dossier, e->session, value_get_text(e->entry, "step"));
    const struct chart *chart = step ? dossier_chart(dossier, e->session) : NULL;
    int code = GUAN_OK;
    for (size_t i = 0; chart && i < value_count(form) && code == GUAN_OK; i++) {
        uint32_t field = chart_field_by_name(chart, &step->fields, form->as.map.items[i].key);
        const char *vin = value_as_text(form->as.map.items[i].value);
        if (field == CHART_NONE || chart->fields[field].type != CHART_VIN || !vin) continue;
        const char *id = arena_printf(dossier->arena, "vin:%s", vin);
        if (!id) return error_memory(error);
        code = put_object(export->ocel, OCEL_VEHICLE, id, (const char *[]){vin}, error);
        if (code == GUAN_OK) code = relate(export->ocel, export->ocel->insert_e2o, event, id, "vehicle", error);
        if (code == GUAN_OK) code = relate(export->ocel, export->ocel->insert_o2o, dossier->row->id, id, "vehicle", error);
    }
    return code;
}

static const char *field_text(struct dossier *dossier, const struct value *form, const char *field)
{
    for (size_t i = 0; i < value_count(form); i++)
        if (strcasecmp(form->as.map.items[i].key, field) == 0) return export_scalar(dossier, form->as.map.items[i].value);
    return NULL;
}

static int put_attributes(struct export *export, struct dossier *dossier, const struct export_event *event, const char *id,
                          const struct ocel_type *type, struct guan_error *error)
{
    const struct value *entry = event->entry->entry;
    char time[INSTANT_TEXT], rec[ZONED_TEXT], leaf[HASH_HEX], n[24];
    instant_format(event->entry->at, time);
    zoned_format(dossier->setting->house->zone, event->entry->rec, rec);
    hash_hex(&event->entry->leaf, leaf);
    snprintf(n, sizeof n, "%llu", (unsigned long long)event->entry->n);
    const char **row = arena_alloc(dossier->arena, (2 + COMMON + type->field_count) * sizeof *row);
    if (!row) return error_memory(error);
    const char *const fixed[2 + COMMON] = {id,
                                           time,
                                           n,
                                           event->lifecycle,
                                           event->instance,
                                           event->title,
                                           export_joined(dossier, value_get(entry, "clause")),
                                           value_get_text(event->acting->entry, "role"),
                                           value_get_text(entry, "state"),
                                           event->entry == event->acting ? export_findings(dossier, event->acting) : "",
                                           rec,
                                           leaf};
    memcpy(row, fixed, sizeof fixed);
    for (size_t i = 0; i < type->field_count; i++)
        row[2 + COMMON + i] = field_text(dossier, value_get(entry, "form"), type->fields[i]);
    return run_with(export->ocel, type->insert, row, 2 + COMMON + type->field_count, error);
}

static int put_event(struct export *export, struct dossier *dossier, const struct export_event *event, struct guan_error *error)
{
    struct ocel *ocel = export->ocel;
    const struct value *acting = event->acting->entry, *with = value_get(acting, "with");
    const char *name = event_type(dossier, event),
               *id = arena_printf(dossier->arena, "%s/%llu", dossier->row->id, (unsigned long long)event->entry->n);
    const struct ocel_type *type = name ? type_of(ocel, name) : NULL;
    if (!type || !id) return error_memory(error);
    int code = run_with(ocel, ocel->insert_event, (const char *[]){id, name}, 2, error);
    if (code == GUAN_OK) code = put_attributes(export, dossier, event, id, type, error);
    if (code == GUAN_OK) code = relate(ocel, ocel->insert_e2o, id, dossier->row->id, "case", error);
    if (code == GUAN_OK) code = put_person(export, dossier, id, value_get_text(acting, "actor"), "actor", error);
    if (code == GUAN_OK) code = put_person(export, dossier, id, value_get_text(acting, "by"), "recorder", error);
    for (size_t i = 0; i < value_count(with) && code == GUAN_OK; i++)
        code = put_person(export, dossier, id, value_as_text(value_at(with, i)), "signer", error);
    return code == GUAN_OK ? put_vehicles(export, dossier, event->entry, id, error) : code;
}

static int each_case(void *user, struct dossier *dossier, struct guan_error *error)
{
    struct export *export = user;
    const char *const attributes[] = {dossier->row->process, dossier->row->dealer, dossier->row->ended ? "true" : "false",
                                      export->what->names ? dossier_name(dossier, "key") : NULL};
    const struct value *parties = dossier->count ? value_get(value_get(dossier->entries[0].entry, "facts"), "parties") : NULL;
    int code = put_object(export->ocel, OCEL_CASE, dossier->row->id, attributes, error);
    for (size_t i = 0; i < value_count(parties) && code == GUAN_OK; i++) {
        const char *party = value_get_text(value_at(parties, i), "id"), *role = value_get_text(value_at(parties, i), "role"),
                   *id = export_person(dossier, party), *name = export->what->names ? dossier_name(dossier, party) : NULL;
        if (!id) continue;
        code = put_object(export->ocel, OCEL_CUSTOMER, id, (const char *[]){role, name}, error);
        if (code == GUAN_OK)
            code = relate(export->ocel, export->ocel->insert_o2o, dossier->row->id, id, role ? role : "party", error);
    }
    return code == GUAN_OK ? export_events(export, dossier, put_event, error) : code;
}

static int open_sqlite(struct export *export, struct guan_error *error)
{
    return open_ocel(export, export->what->path, error);
}

static int open_json(struct export *export, struct guan_error *error)
{
    return open_ocel(export, "", error); /* on the disk, and gone when it is closed */
}

static int close_sqlite(struct export *export, struct guan_error *error)
{
    return ocel_run(export->ocel, "COMMIT", error);
}

static int close_json(struct export *export, struct guan_error *error)
{
    return ocel_json(export, error);
}

static void drop(struct export *export)
{
    struct ocel *ocel = export->ocel;
    if (!ocel) return;
    sqlite3_stmt *const kept[] = {ocel->insert_event, ocel->insert_id, ocel->insert_e2o, ocel->insert_o2o};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) sqlite3_finalize(kept[i]);
    for (size_t i = 0; i < OCEL_KINDS; i++) sqlite3_finalize(ocel->insert_object[i]);
    for (size_t i = 0; i < ocel->type_count; i++) sqlite3_finalize(ocel->types[i].insert);
    sqlite3_close(ocel->db);
    export->ocel = NULL;
}

const struct export_format export_ocel_sqlite = {"ocel-sqlite", open_sqlite, each_case, close_sqlite, drop};
const struct export_format export_ocel_json = {"ocel-json", open_json, each_case, close_json, drop};
