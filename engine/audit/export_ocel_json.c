/* The JSON form of OCEL 2.0, read out of the SQLite form row by row. */
#include "audit/ocel.h"

#include <string.h>

static void put_text(FILE *file, const char *text)
{
    struct value value = {.kind = VALUE_TEXT, .as.text = {text ? text : "", text ? strlen(text) : 0}};
    struct buffer out = {0};
    json_write(&out, &value);
    if (!out.failed) fwrite(out.data, 1, out.length, file);
    buffer_release(&out);
}

static void put_member(FILE *file, const char *before, const char *key, const char *text)
{
    fprintf(file, "%s\"%s\":", before, key);
    put_text(file, text);
}

static const char *column(sqlite3_stmt *row, int i)
{
    return (const char *)sqlite3_column_text(row, i);
}

static int ended(struct ocel *ocel, sqlite3_stmt *row, int result, struct guan_error *error)
{
    sqlite3_finalize(row);
    return result == SQLITE_DONE
               ? GUAN_OK
               : error_set(error, GUAN_FAILED, "file", "cannot read the export back: %s", sqlite3_errmsg(ocel->db));
}

/* "relationships" of one event or object: `row` is a query of (object, qualifier) by id. */
static void put_relations(FILE *file, sqlite3_stmt *row, const char *id)
{
    const char *before = "";
    sqlite3_bind_text(row, 1, id, -1, SQLITE_TRANSIENT);
    fputs(",\"relationships\":[", file);
    while (sqlite3_step(row) == SQLITE_ROW) {
        fprintf(file, "%s{", before);
        put_member(file, "", "objectId", column(row, 0));
        put_member(file, ",", "qualifier", column(row, 1));
        fputc('}', file);
        before = ",";
    }
    sqlite3_reset(row);
    fputc(']', file);
}

/* Attributes are the columns from `first` on that hold something. */
static void put_attributes(FILE *file, sqlite3_stmt *row, int first, const char *time)
{
    const char *before = "";
    fputs(",\"attributes\":[", file);
    for (int i = first; i < sqlite3_column_count(row); i++) {
        const char *text = column(row, i);
        if (!text || !*text) continue;
        fprintf(file, "%s{", before);
        put_member(file, "", "name", sqlite3_column_name(row, i));
        if (time) put_member(file, ",", "time", time);
        put_member(file, ",", "value", text);
        fputc('}', file);
        before = ",";
    }
    fputc(']', file);
}

static void put_types(FILE *file, const char *key, sqlite3_stmt *types, const char *prefix, int first, struct ocel *ocel)
{
    const char *before = "";
    fprintf(file, "\"%s\":[", key);
    while (sqlite3_step(types) == SQLITE_ROW) {
        char sql[300];
        sqlite3_stmt *table = NULL;
        fprintf(file, "%s\n{", before);
        put_member(file, "", "name", column(types, 0));
        fputs(",\"attributes\":[", file);
        snprintf(sql, sizeof sql, "SELECT * FROM %s_%s LIMIT 0", prefix, column(types, 1));
        sqlite3_prepare_v2(ocel->db, sql, -1, &table, NULL);
        for (int i = first; i < sqlite3_column_count(table); i++) {
            put_member(file, i > first ? ",{" : "{", "name", sqlite3_column_name(table, i));
            fputs(",\"type\":\"string\"}", file);
        }
        sqlite3_finalize(table);
        fputs("]}", file);
        before = ",";
    }
    fputs("],\n", file);
}

/* All rows of all tables of one kind: `first` is the column where the attributes begin. */
static int put_all(struct export *export, const char *key, const char *prefix, int first, const char *relations,
                   struct guan_error *error)
{
    struct ocel *ocel = export->ocel;
    FILE *file = export->file;
    sqlite3_stmt *types = NULL, *related = NULL;
    char sql[300];
    const char *before = "";
    int code = GUAN_OK, result;
    snprintf(sql, sizeof sql, "SELECT ocel_type, ocel_type_map FROM %s_map_type ORDER BY 1", prefix);
    result = sqlite3_prepare_v2(ocel->db, sql, -1, &types, NULL);
    if (result == SQLITE_OK) result = sqlite3_prepare_v2(ocel->db, relations, -1, &related, NULL);
    fprintf(file, "\"%s\":[", key);
    while (code == GUAN_OK && result != SQLITE_ERROR && (result = sqlite3_step(types)) == SQLITE_ROW) {
        sqlite3_stmt *row = NULL;
        int inner;
        snprintf(sql, sizeof sql, "SELECT * FROM %s_%s ORDER BY rowid", prefix, column(types, 1));
        inner = sqlite3_prepare_v2(ocel->db, sql, -1, &row, NULL);
        while (inner != SQLITE_ERROR && (inner = sqlite3_step(row)) == SQLITE_ROW) {
            fprintf(file, "%s\n{", before);
            put_member(file, "", "id", column(row, 0));
            put_member(file, ",", "type", column(types, 0));
            if (first == 2) put_member(file, ",", "time", column(row, 1));
            put_attributes(file, row, first, first == 2 ? NULL : column(row, 1));
            put_relations(file, related, column(row, 0));
            fputc('}', file);
            before = ",";
        }
        code = ended(ocel, row, inner, error);
    }
    fputc(']', file);
    sqlite3_finalize(related);
    int last = ended(ocel, types, code == GUAN_OK ? result : SQLITE_DONE, error);
    return code == GUAN_OK ? last : code;
}

static int put_type_lists(struct export *export, struct guan_error *error)
{
    static const struct {
        const char *key, *prefix, *sql;
        int first;
    } lists[] = {{"objectTypes", "object", "SELECT ocel_type, ocel_type_map FROM object_map_type ORDER BY 1", 3},
                 {"eventTypes", "event", "SELECT ocel_type, ocel_type_map FROM event_map_type ORDER BY 1", 2}};
    for (size_t i = 0; i < 2; i++) {
        sqlite3_stmt *types = NULL;
        int result = sqlite3_prepare_v2(export->ocel->db, lists[i].sql, -1, &types, NULL);
        if (result == SQLITE_OK) put_types(export->file, lists[i].key, types, lists[i].prefix, lists[i].first, export->ocel);
        int code = ended(export->ocel, types, result == SQLITE_OK ? SQLITE_DONE : result, error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

int ocel_json(struct export *export, struct guan_error *error)
{
    FILE *file = export->file;
    struct value *statement = statement_value(export->guan, &export->statement);
    struct buffer text = {0};
    value_set_int(export->arena, value_get(statement, "counts"), "events", (int64_t) export->events);
    json_write(&text, statement);
    if (text.failed) return error_memory(error);
    fprintf(file, "{\"guan:statement\":%s,\n", text.data);
    buffer_release(&text);
    int code = put_type_lists(export, error);
    if (code == GUAN_OK)
        code = put_all(export, "objects", "object", 3,
                       "SELECT ocel_target_id, ocel_qualifier FROM object_object WHERE ocel_source_id = ?", error);
    fputs(",\n", file);
    if (code == GUAN_OK)
        code = put_all(export, "events", "event", 2,
                       "SELECT ocel_object_id, ocel_qualifier FROM event_object WHERE ocel_event_id = ?", error);
    fputs("}\n", file);
    return code;
}
