/* CSV (RFC 4180) for spreadsheets: every entry a row, UTF-8 with its mark, cells that a spreadsheet would run defused. */
#include "audit/export.h"

#include <string.h>

static void put_cell(FILE *file, const char *text, bool first)
{
    if (!first) fputc(',', file);
    bool formula = *text && strchr("=+-@\t\r\n", *text);
    bool quoted = formula || strpbrk(text, ",\"\r\n") != NULL;
    if (quoted) fputc('"', file);
    if (formula) fputc('\'', file);
    for (; *text; text++) {
        if (*text == '"') fputc('"', file);
        fputc(*text, file);
    }
    if (quoted) fputc('"', file);
}

static const char *const columns[] = {"case",     "entry",   "index",    "kind",  "happened", "recorded", "process", "session",
                                      "activity", "title",   "instance", "actor", "role",     "with",     "by",      "auth",
                                      "from",     "to",      "clause",   "code",  "severity", "status",   "finding", "refs",
                                      "rule",     "due",     "fields",   "facts", "evidence", "personal", "cause",   "definition",
                                      "dealer",   "message", "ended",    "leaf"};

static int open_csv(struct export *export, struct guan_error *error)
{
    (void)error;
    fputs("\xEF\xBB\xBF", export->file);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) put_cell(export->file, columns[i], i == 0);
    if (export->what->names) put_cell(export->file, "actor name", false);
    fputs("\r\n", export->file);
    return GUAN_OK;
}

static const char *evidence(struct dossier *dossier, const struct value *list)
{
    const char *all = "";
    for (size_t i = 0; i < value_count(list) && all; i++) {
        const struct value *item = value_at(list, i);
        all = arena_printf(dossier->arena, "%s%s%s:%s", all, i ? " " : "", value_get_text(item, "kind"),
                           value_get_text(item, "sha256"));
    }
    return all ? all : "";
}

static const char *number(struct dossier *dossier, uint64_t n)
{
    const char *text = arena_printf(dossier->arena, "%llu", (unsigned long long)n);
    return text ? text : "";
}

static void put_row(struct export *export, struct dossier *dossier, const struct dossier_entry *e)
{
    const struct value *entry = e->entry;
    const struct zone *zone = dossier->setting->house->zone;
    char at[ZONED_TEXT], rec[ZONED_TEXT], due[ZONED_TEXT] = "", leaf[HASH_HEX];
    const char *title = dossier_title(dossier, entry), *person = export_person(dossier, value_get_text(entry, "actor"));
    const char *when = value_get_text(entry, "due"), *process = dossier_process(dossier, e->session);
    instant owed;
    zoned_format(zone, e->at, at);
    zoned_format(zone, e->rec, rec);
    if (when && instant_parse(when, strlen(when), NULL, &owed, NULL) == GUAN_OK) zoned_format(zone, owed, due);
    hash_hex(&e->leaf, leaf);
    const char *const cells[] = {dossier->row->id,
                                 number(dossier, e->n),
                                 number(dossier, e->index),
                                 e->kind,
                                 at,
                                 rec,
                                 process,
                                 e->session,
                                 strcmp(e->kind, "transition") == 0 ? value_get_text(entry, "event")
                                                                    : dossier_activity(dossier, e),
                                 title,
                                 value_get_text(entry, "inst"),
                                 person,
                                 value_get_text(entry, "role"),
                                 export_people(dossier, value_get(entry, "with")),
                                 export_person(dossier, value_get_text(entry, "by")),
                                 value_get_text(entry, "auth"),
                                 export_joined(dossier, value_get(entry, "from")),
                                 export_joined(dossier, value_get(entry, "to")),
                                 export_joined(dossier, value_get(entry, "clause")),
                                 value_get_text(entry, "code"),
                                 value_get_text(entry, "severity"),
                                 value_get_text(entry, "status"),
                                 value_get_text(entry, "fid"),
                                 export_joined(dossier, value_get(entry, "refs")),
                                 value_get_text(entry, "rule"),
                                 due,
                                 export_scalar(dossier, value_get(entry, "form")),
                                 export_scalar(dossier, value_get(entry, "facts")),
                                 evidence(dossier, value_get(entry, "ev")),
                                 export_joined(dossier, value_get(entry, "sd")),
                                 value_get_text(entry, "cause"),
                                 value_get_text(entry, "def"),
                                 dossier->row->dealer,
                                 export_message(dossier, e),
                                 dossier->row->ended ? "true" : "false",
                                 leaf};
    _Static_assert(sizeof cells / sizeof *cells == sizeof columns / sizeof *columns, "a cell for every column");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) put_cell(export->file, cells[i] ? cells[i] : "", i == 0);
    if (export->what->names) {
        const char *name = dossier_name(dossier, value_get_text(entry, "actor"));
        put_cell(export->file, name ? name : "", false);
    }
    fputs("\r\n", export->file);
}

static int each_case(void *user, struct dossier *dossier, struct guan_error *error)
{
    (void)error;
    for (size_t i = 0; i < dossier->count; i++)
        if (dossier->entries[i].inside) put_row(user, dossier, &dossier->entries[i]);
    return GUAN_OK;
}

static int close_csv(struct export *export, struct guan_error *error)
{
    (void)export;
    (void)error;
    return GUAN_OK;
}

const struct export_format export_csv = {"csv", open_csv, each_case, close_csv, NULL};
