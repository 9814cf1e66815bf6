/* guan audit export: two walks over the same reading transaction, one that counts, one that writes; and beside the file its
 * completeness statement, with the file's own hash. */
#include "audit/export.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- what was done ---------------------------------------------------------------------------------------------------------- */

/* A flow that begins: the first configuration, which nothing was left for. One that ends: a final state of the document. */
static const char *flow_moves(struct dossier *dossier, const struct dossier_entry *entry)
{
    const struct value *to = value_get(entry->entry, "to");
    if (strcmp(entry->kind, "transition") != 0 || !entry->session) return NULL;
    if (value_count(to) && !value_get(entry->entry, "from")) return "start";
    const struct chart *chart = dossier_chart(dossier, entry->session);
    for (size_t i = 0; chart && i < value_count(to); i++) {
        const char *id = value_as_text(value_at(to, i));
        uint32_t state = id ? chart_state_by_id(chart, id) : CHART_NONE;
        if (state != CHART_NONE && chart->states[state].kind == CHART_FINAL && chart->states[state].parent == 0)
            return "complete";
    }
    return NULL;
}

int export_events(struct export *export, struct dossier *dossier, export_each_event *each, struct guan_error *error)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const struct dossier_entry *e = &dossier->entries[i];
        struct export_event event = {.entry = e, .acting = &dossier->entries[e->acting], .instance = e->session};
        if (!e->inside) continue;
        if (strcmp(e->kind, "step") == 0 || strcmp(e->kind, "event") == 0) event.lifecycle = "complete";
        else if (strcmp(e->kind, "waive") == 0) event.lifecycle = "manualskip";
        if (event.lifecycle) {
            const char *instance = value_get_text(e->entry, "inst"), *step = value_get_text(e->entry, "step");
            event.activity = dossier_activity(dossier, e);
            event.title = dossier_title(dossier, e->entry);
            event.instance = arena_printf(dossier->arena, "%s%s%s%s%s", e->session ? e->session : "", step ? "." : "",
                                          step ? step : "", instance ? ":" : "", instance ? instance : "");
        } else {
            const struct chart *chart = dossier_chart(dossier, e->session);
            event.lifecycle = flow_moves(dossier, e);
            event.flow = true;
            event.activity = dossier_process(dossier, e->session);
            event.title = chart ? chart->title : NULL;
        }
        int code = event.lifecycle && event.activity ? each(export, dossier, &event, error) : GUAN_OK;
        if (code != GUAN_OK) return code;
    }
    return arena_failed(dossier->arena) ? error_memory(error) : GUAN_OK;
}

const char *export_person(const struct dossier *dossier, const char *id)
{
    if (!id || strcmp(id, "system") == 0) return id;
    return arena_printf(dossier->arena, "%s/%s", text_starts(id, "party:") ? dossier->row->id : dossier->row->dealer, id);
}

const char *export_people(struct dossier *dossier, const struct value *list)
{
    const char *all = "";
    for (size_t i = 0; i < value_count(list) && all; i++)
        all = arena_printf(dossier->arena, "%s%s%s", all, i ? " " : "", export_person(dossier, value_as_text(value_at(list, i))));
    return all ? all : "";
}

const char *export_kinds(struct dossier *dossier, const struct value *evidence)
{
    const char *all = "";
    for (size_t i = 0; i < value_count(evidence) && all; i++) {
        const char *kind = value_get_text(value_at(evidence, i), "kind");
        if (kind) all = arena_printf(dossier->arena, "%s%s%s", all, *all ? " " : "", kind);
    }
    return all ? all : "";
}

const char *export_message(struct dossier *dossier, const struct dossier_entry *entry)
{
    bool is_step = strcmp(entry->kind, "step") == 0;
    const struct chart_step *step = is_step ? dossier_step(dossier, entry->session, value_get_text(entry->entry, "step")) : NULL;
    return step ? step->message : NULL;
}

const char *export_scalar(struct dossier *dossier, const struct value *value)
{
    if (!value) return "";
    if (value->kind == VALUE_TEXT) return value->as.text.bytes;
    if (value->kind == VALUE_BOOL) return value->as.truth ? "true" : "false";
    struct buffer text = {0};
    json_write(&text, value);
    const char *copy = text.failed ? NULL : arena_text(dossier->arena, text.data, text.length);
    buffer_release(&text);
    return copy ? copy : "";
}

const char *export_joined(struct dossier *dossier, const struct value *list)
{
    const char *all = "";
    for (size_t i = 0; i < value_count(list) && all; i++)
        all = arena_printf(dossier->arena, "%s%s%s", all, i ? " " : "", export_scalar(dossier, value_at(list, i)));
    return all ? all : "";
}

const char *export_findings(struct dossier *dossier, const struct dossier_entry *acting)
{
    const char *all = "";
    size_t position = (size_t)(acting - dossier->entries);
    for (size_t i = position + 1; i < dossier->count && dossier->entries[i].acting == position && all; i++) {
        const struct value *entry = dossier->entries[i].entry;
        if (strcmp(dossier->entries[i].kind, "finding") != 0) continue;
        all = arena_printf(dossier->arena, "%s%s%s:%s", all, *all ? " " : "", value_get_text(entry, "code"),
                           value_get_text(entry, "fid"));
    }
    return all ? all : "";
}

/* --- the file --------------------------------------------------------------------------------------------------------------- */

static int file_failed(const char *path, struct guan_error *error)
{
    error_set(error, GUAN_FAILED, "file", "cannot write %s: %s", path, strerror(errno));
    return GUAN_FAILED;
}

/* Made anew, never over something: it may be evidence already, or the store itself. */
static int make(const char *path, struct guan_error *error)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
        close(file);
        return GUAN_OK;
    }
    if (errno != EEXIST) return file_failed(path, error);
    error_set(error, GUAN_USAGE, "file-exists", "%s is there already", path);
    error_hint(error, "give another name, or move it away");
    return GUAN_USAGE;
}

static int hash_file(const char *path, struct hash *hash, int64_t *size, struct guan_error *error)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC), code = GUAN_FAILED;
    if (file >= 0 && fstat(file, &info) == 0) {
        void *bytes = info.st_size ? mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0) : NULL;
        if (bytes != MAP_FAILED) {
            code = hash_bytes(bytes ? bytes : "", (size_t)info.st_size, hash);
            if (bytes) munmap(bytes, (size_t)info.st_size);
        }
        *size = info.st_size;
    }
    if (file >= 0) close(file);
    return code == GUAN_OK ? GUAN_OK : file_failed(path, error);
}

static int count_case(void *user, struct dossier *dossier, struct guan_error *error)
{
    struct export *export = user;
    return statement_add(&export->statement, dossier, error);
}

static int count_event(struct export *export, struct dossier *dossier, const struct export_event *event, struct guan_error *error)
{
    (void)dossier;
    (void)event;
    (void)error;
    export->events++;
    return GUAN_OK;
}

static int first_walk(void *user, struct dossier *dossier, struct guan_error *error)
{
    struct export *export = user;
    int code = count_case(user, dossier, error);
    return code == GUAN_OK ? export_events(export, dossier, count_event, error) : code;
}

static const struct export_format *format_of(const struct guan_export *what)
{
    size_t length = strlen(what->path);
    if (strcmp(what->format, "xes") == 0) return &export_xes;
    if (strcmp(what->format, "csv") == 0) return &export_csv;
    if (strcmp(what->format, "ocel") != 0) return NULL;
    return length > 7 && strcmp(what->path + length - 7, ".sqlite") == 0 ? &export_ocel_sqlite : &export_ocel_json;
}

static int write_out(struct export *export, const struct export_format *format, struct guan_error *error)
{
    const char *path = export->what->path;
    int code = GUAN_OK;
    if (format != &export_ocel_sqlite) {
        export->file = fopen(path, "w");
        if (!export->file) return file_failed(path, error);
    }
    code = format->open(export, error);
    if (code == GUAN_OK) code = dossier_walk(export->guan, &export->what->period, NULL, format->each, export, error);
    if (code == GUAN_OK) code = format->close(export, error);
    if (format->drop) format->drop(export);
    if (!export->file) return code;
    bool failed = fflush(export->file) != 0 || ferror(export->file) || fsync(fileno(export->file)) != 0;
    failed = fclose(export->file) != 0 || failed;
    return code == GUAN_OK && failed ? file_failed(path, error) : code;
}

static int put_statement(struct export *export, const struct export_format *format, const char *beside,
                         const struct guan_sink *sink, struct guan_error *error)
{
    struct value *map = statement_value(export->guan, &export->statement);
    struct hash hash;
    char hex[HASH_HEX];
    int64_t size = 0;
    struct buffer text = {0};
    int code = hash_file(export->what->path, &hash, &size, error);
    if (code != GUAN_OK) return code;
    const char *slash = strrchr(export->what->path, '/');
    hash_hex(&hash, hex);
    value_set_text(export->arena, map, "format", format->name);
    value_set_text(export->arena, map, "file", slash ? slash + 1 : export->what->path);
    value_set_int(export->arena, map, "bytes", size);
    value_set_text(export->arena, map, "sha256", hex);
    if (strcmp(format->name, "csv") != 0)
        value_set_int(export->arena, value_get(map, "counts"), "events", (int64_t) export->events);
    value_set_bool(export->arena, map, "names", export->what->names);
    if (arena_failed(export->arena)) return error_memory(error);
    json_write(&text, map);
    FILE *file = fopen(beside, "w");
    bool failed = text.failed || !file || fwrite(text.data, 1, text.length, file) != text.length || fputc('\n', file) == EOF;
    if (file) failed = fclose(file) != 0 || failed;
    buffer_release(&text);
    return failed ? file_failed(beside, error) : answer_put(sink, map, error);
}

int guan_export(struct guan *guan, const struct guan_export *what, const struct guan_sink *sink, struct guan_error *error)
{
    struct export export = {.guan = guan, .what = what, .arena = arena_new()};
    const struct export_format *format = format_of(what);
    const char *beside = export.arena ? arena_printf(export.arena, "%s.statement.json", what->path) : NULL;
    int code = GUAN_OK;
    if (!format) code = error_set(error, GUAN_USAGE, "format", "an export is xes, ocel or csv, not \"%s\"", what->format);
    else if (!beside) code = error_memory(error);
    if (code == GUAN_OK) code = make(what->path, error);
    if (code != GUAN_OK) {
        arena_free(export.arena);
        return code;
    }
    code = make(beside, error);
    bool made = code == GUAN_OK;
    if (code == GUAN_OK) code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = statement_begin(guan, &what->period, export.arena, &export.statement, error);
    if (code == GUAN_OK) code = dossier_walk(guan, &what->period, NULL, first_walk, &export, error);
    if (code == GUAN_OK) code = write_out(&export, format, error);
    store_rollback(guan->store);
    if (code == GUAN_OK) code = put_statement(&export, format, beside, sink, error);
    if (code != GUAN_OK) {
        unlink(what->path);
        if (made) unlink(beside);
    }
    arena_free(export.arena);
    return code;
}
