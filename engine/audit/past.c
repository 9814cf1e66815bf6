/* guan_past: a file of rules, or a flow, against what has happened. */
#include "audit/past.h"

#include "case/kase.h"
#include "chart/tree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- the file -------------------------------------------------------------------------------------------------------------- */

static int read_whole(struct arena *arena, const char *file, const char **bytes, size_t *length, struct guan_error *error)
{
    struct buffer buffer = {0};
    char piece[1 << 14];
    size_t got;
    FILE *stream = fopen(file, "rb");
    if (!stream) {
        error_set(error, GUAN_USAGE, "no-file", "\"%s\" cannot be read", file);
        return error_hint(error, "name a file of rules, or a flow (.scxml)");
    }
    while (buffer.length <= LIMIT_FILE_BYTES && (got = fread(piece, 1, sizeof piece, stream)) > 0)
        buffer_add(&buffer, piece, got);
    bool broken = ferror(stream) != 0;
    fclose(stream);
    *length = buffer.length;
    *bytes = arena_text(arena, buffer.data ? buffer.data : "", buffer.length);
    bool failed = buffer.failed || !*bytes;
    buffer_release(&buffer);
    if (failed) return error_memory(error);
    return broken ? error_set(error, GUAN_USAGE, "no-file", "\"%s\" cannot be read to its end", file) : GUAN_OK;
}

struct telling {
    struct arena *arena;
    const struct guan_sink *sink;
    struct guan_error *error;
    int code;
};

static void tell(void *user, const struct diagnostic *d)
{
    struct telling *telling = user;
    struct value *map = value_map(telling->arena);
    if (!d->error || telling->code != GUAN_OK) return;
    value_set_text(telling->arena, map, "file", d->file);
    value_set_int(telling->arena, map, "line", d->place.line);
    value_set_int(telling->arena, map, "col", d->place.col);
    value_set_text(telling->arena, map, "severity", "error");
    value_set_text(telling->arena, map, "rule", d->rule);
    value_set_text(telling->arena, map, "text", d->text);
    value_set_text(telling->arena, map, "hint", d->hint);
    telling->code = answer_put(telling->sink, map, telling->error);
}

static bool is_flow(struct arena *arena, const char *file, const char *bytes, size_t length)
{
    struct report report;
    struct tree tree;
    report_init(&report, arena, file);
    tree_read(&tree, bytes, length, arena, &report);
    return tree.root && tree.root->space == SPACE_SCXML;
}

/* What scripts and data hold does not matter here, only that they are there. */
static const char *empty_source(void *user, const char *from, const char *path, size_t *length)
{
    const char *slash = strrchr(from, '/');
    char full[4200];
    struct stat info;
    int n = snprintf(full, sizeof full, "%.*s%s", slash ? (int)(slash - from + 1) : 0, from, path);
    (void)user;
    *length = 0;
    return n > 0 && (size_t)n < sizeof full && stat(full, &info) == 0 ? "" : NULL;
}

/* --- the log --------------------------------------------------------------------------------------------------------------- */

/* "case=ID,activity=Task" */
static int columns_of(struct arena *arena, const char *text, struct log_columns *out, struct guan_error *error)
{
    const struct {
        const char *name;
        const char **at;
    } known[] = {{"case", &out->kase},         {"activity", &out->activity}, {"time", &out->time},
                 {"resource", &out->resource}, {"role", &out->role},         {"lifecycle", &out->lifecycle}};
    while (text && *text) {
        size_t length = strcspn(text, ","), name = strcspn(text, "="), i = 0;
        const size_t count = sizeof known / sizeof *known;
        while (i < count && (strlen(known[i].name) != name || memcmp(known[i].name, text, name) != 0)) i++;
        if (i == count || name + 1 >= length) {
            error_set(error, GUAN_USAGE, "columns", "\"%.*s\" says of no column what it is", (int)length, text);
            return error_hint(error, "--columns case=NAME,activity=NAME,time=NAME,resource=NAME,role=NAME,lifecycle=NAME");
        }
        *known[i].at = arena_text(arena, text + name + 1, length - name - 1);
        text += length + (text[length] == ',');
    }
    return GUAN_OK;
}

static int no_case(const char *name, struct guan_error *error)
{
    error_set(error, GUAN_USAGE, "no-such-case", "the log has no case \"%s\"", name);
    return error_hint(error, "cases of a log are named as it names them");
}

/* Which cases are asked about. */
static int choose(struct past *past, struct guan_error *error)
{
    const struct guan_past *asked = past->asked;
    past->wanted = memory_alloc(past->log->case_count + (size_t)1);
    if (!past->wanted) return error_memory(error);
    memset(past->wanted, asked->case_count == 0, past->log->case_count + (size_t)1);
    for (size_t i = 0; i < asked->case_count; i++) {
        struct case_row row = {.id = asked->cases[i]};
        bool found = false;
        int code = past->guan ? resolve_case(past->guan, asked->cases[i], &row, error) : GUAN_OK;
        if (code != GUAN_OK) return code;
        uint32_t name = log_find(past->log, row.id);
        for (uint32_t k = 0; name && k < past->log->case_count; k++)
            if (past->log->cases[k].name == name) past->wanted[k] = found = true;
        if (!found) return no_case(asked->cases[i], error);
    }
    return GUAN_OK;
}

static int since_of(struct past *past, struct guan_error *error)
{
    const char *text = past->asked->since;
    const struct house *house = NULL;
    past->since = INSTANT_NONE;
    if (!text) return GUAN_OK;
    int code = past->log->case_count ? past_house(past, past->log->cases[0].dealer, &house, error) : GUAN_OK;
    if (code != GUAN_OK) return code;
    if (instant_parse(text, strlen(text), house ? house->zone : past->zone, &past->since, NULL) == GUAN_OK) return GUAN_OK;
    return error_set(error, GUAN_USAGE, "time", "--since \"%s\" is not a time; write 2026-03-07", text);
}

static int read_log(struct past *past, struct arena *arena, bool all, struct guan_error *error)
{
    const struct guan_past *asked = past->asked;
    struct log_columns columns = {0};
    int code = columns_of(arena, asked->columns, &columns, error);
    if (code != GUAN_OK) return code;
    if (asked->log) code = log_read(asked->log, &columns, past->zone, &past->log, error);
    else code = log_read_journal(past->guan, asked->cases, all ? 0 : asked->case_count, &past->log, error);
    if (code != GUAN_OK) return code;
    if (past->guan) code = store_begin(past->guan->store, false, error);
    if (code == GUAN_OK) code = choose(past, error);
    if (code == GUAN_OK) code = since_of(past, error);
    return code;
}

/* --- what is asked of it by others ----------------------------------------------------------------------------------------- */

int past_house(const struct past *past, uint32_t dealer, const struct house **out, struct guan_error *error)
{
    *out = NULL;
    if (!past->guan) return GUAN_OK;
    for (const struct setting *s = past->guan->settings; s; s = s->next)
        if (strcmp(s->house->dealer, log_text(past->log, dealer)) == 0) {
            *out = s->house;
            return GUAN_OK;
        }
    return error_set(error, GUAN_FAILED, "no-house", "the house of \"%s\" is not at hand", log_text(past->log, dealer));
}

const char *past_person(const struct past *past, uint32_t dealer, const char *actor)
{
    const struct house *house;
    if (past_house(past, dealer, &house, NULL) != GUAN_OK || !house) return actor;
    const struct person *person = house_person(house, actor);
    return person ? person->name : actor;
}

void past_total(const struct past *past, struct arena *arena, struct value *map)
{
    uint32_t cases = 0, events = 0;
    for (uint32_t k = 0; k < past->log->case_count; k++) {
        if (!past->wanted[k]) continue;
        cases++;
        events += past->log->cases[k].count;
    }
    value_set_text(arena, map, "log", past->asked->log ? past->asked->log : "journal");
    value_set_int(arena, map, "cases", cases);
    value_set_int(arena, map, "events", events);
    if (past->log->skipped) value_set_int(arena, map, "skipped", past->log->skipped);
}

/* --- the question ------------------------------------------------------------------------------------------------------------
 */

/* "No" is what the past is told: a file that cannot be read is something else. */
static int misread(int code, struct guan_error *error)
{
    if (code != GUAN_NO) return code;
    if (error) error->code = GUAN_USAGE;
    return GUAN_USAGE;
}

static int ask_rules(struct past *past, struct arena *arena, const char *bytes, size_t length, struct telling *telling)
{
    struct rulefile file;
    struct zone *zone = NULL;
    bool all = false;
    int code = rulefile_read(past->asked->file, bytes, length, arena, tell, telling, &file, telling->error);
    if (code != GUAN_OK) return misread(code, telling->error);
    if (file.zone) code = zone_open(file.zone, &zone, telling->error);
    past->zone = zone;
    for (uint32_t i = 0; i < file.count; i++) all = all || file.rules[i].dealer;
    if (code == GUAN_OK) code = read_log(past, arena, all, telling->error);
    if (code == GUAN_OK) code = past_rules(past, &file, telling->sink, telling->error);
    zone_close(zone);
    return code;
}

static int ask_flow(struct past *past, struct arena *arena, const char *bytes, size_t length, struct telling *telling)
{
    const struct chart_read_options options = {
        .file = past->asked->file, .source = empty_source, .sink = tell, .sink_user = telling};
    struct chart *chart;
    int code = chart_read(bytes, length, &options, &chart, telling->error);
    if (code != GUAN_OK) return misread(code, telling->error);
    code = read_log(past, arena, false, telling->error);
    if (code == GUAN_OK) code = past_conform(past, chart, telling->sink, telling->error);
    chart_free(chart);
    return code;
}

int guan_past(struct guan *guan, const struct guan_past *what, const struct guan_sink *sink, struct guan_error *error)
{
    struct past past = {.asked = what, .guan = what->log ? NULL : guan, .since = INSTANT_NONE};
    struct telling telling = {.arena = arena_new(), .sink = sink, .error = error, .code = GUAN_OK};
    const char *bytes;
    size_t length;
    if (!telling.arena) return error_memory(error);
    if (!what->log && !guan) {
        arena_free(telling.arena);
        return error_set(error, GUAN_USAGE, "no-log", "a log or a store is needed");
    }
    int code = read_whole(telling.arena, what->file, &bytes, &length, error);
    if (code == GUAN_OK && is_flow(telling.arena, what->file, bytes, length))
        code = ask_flow(&past, telling.arena, bytes, length, &telling);
    else if (code == GUAN_OK) code = ask_rules(&past, telling.arena, bytes, length, &telling);
    if (past.guan) store_rollback(past.guan->store);
    log_free(past.log);
    memory_free(past.wanted);
    arena_free(telling.arena);
    return code;
}
