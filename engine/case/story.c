/* Stories: a designer's tests. Each runs in a virtual store in memory, with its own cast, and is held against its findings. */
#include "case/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct telling {
    struct guan *guan;
    struct story *story;
    struct arena *arena;
    const struct guan_sink *sink;
    const struct zone *zone;
    struct bundle *bundle, *own; /* own: a copy with the story's people, or NULL */
    struct stage *stage;
    const char *kase;
    instant clock; /* rec of the last line */
    int64_t passed, failed;
};

static void check(struct telling *t, bool ok, uint32_t line, const char *name, const char *text)
{
    struct value *map = value_map(t->arena);
    value_set_bool(t->arena, map, "ok", ok);
    value_set_text(t->arena, map, "name", name);
    value_set_int(t->arena, map, "line", line);
    value_set_text(t->arena, map, "text", text);
    if (ok) t->passed++;
    else t->failed++;
    answer_put(t->sink, map, NULL);
}

/* Chance from a counter: a story comes out the same every time. */
static int seeded(void *user, void *out, size_t length)
{
    uint64_t *counter = user;
    unsigned char *bytes = out;
    while (length) {
        struct hash hash;
        size_t part = length < HASH_BYTES ? length : HASH_BYTES;
        (*counter)++;
        int code = hash_bytes(counter, sizeof *counter, &hash);
        if (code != GUAN_OK) return code;
        memcpy(bytes, hash.bytes, part);
        bytes += part;
        length -= part;
    }
    return GUAN_OK;
}

/* --- the cast ----------------------------------------------------------------------------------------------------------------
 */

static bool plays(const struct house *house, const struct guan_pair *staff)
{
    const struct person *person = house_person(house, staff->name);
    for (uint32_t i = 0; person && i < person->roles.count; i++)
        if (strcmp(person->roles.items[i], staff->value) == 0) return true;
    return false;
}

static void xml_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&') buffer_text(out, "&amp;");
        else if (*text == '<') buffer_text(out, "&lt;");
        else if (*text == '"') buffer_text(out, "&quot;");
        else buffer_byte(out, *text);
    }
}

/* People of the story whom the dealer does not have, as a people.xml; empty: there are none. */
static void write_cast(const struct story *story, const struct house *house, struct buffer *people)
{
    size_t added = 0;
    for (size_t i = 0; i < story->staff_count; i++) {
        if (plays(house, &story->staff[i])) continue;
        if (!added) buffer_text(people, "<people xmlns=\"urn:guan:1\">\n");
        buffer_printf(people, "<person id=\"staff:story%zu\" name=\"", ++added);
        xml_text(people, story->staff[i].name);
        buffer_text(people, "\" roles=\"");
        xml_text(people, story->staff[i].value);
        buffer_text(people, "\"/>\n");
    }
    if (added) buffer_text(people, "</people>\n");
}

/* The stage's bundle; a copy with a people.xml more, where the story brings people of its own. */
static int add_cast(struct telling *t, const struct bundle *original, struct guan_error *error)
{
    struct buffer people = {0};
    const struct house *house;
    t->bundle = (struct bundle *)(uintptr_t)original; /* read on first use: nothing that it holds changes */
    int code = bundle_house(t->bundle, t->story->dealer, &house, error);
    if (code != GUAN_OK) return code;
    write_cast(t->story, house, &people);
    if (people.failed) code = error_memory(error);
    if (code == GUAN_OK && people.length) code = bundle_new(&t->own, error);
    for (size_t i = 0; t->own && i < bundle_count(original) && code == GUAN_OK; i++) {
        const struct bundle_file *file = bundle_at(original, i);
        code = bundle_add(t->own, file->path, file->bytes, file->length, error);
    }
    if (code == GUAN_OK && t->own) {
        const char *path = arena_printf(t->arena, "scripts/dealers/%s/people.xml", house->dealer);
        code = path ? bundle_add(t->own, path, people.data, people.length, error) : error_memory(error);
        t->bundle = t->own;
    }
    buffer_release(&people);
    return code;
}

/* --- commands --------------------------------------------------------------------------------------------------------------- */

struct caught {
    struct arena *arena;
    struct value *answer;
};

static int catch_answer(void *user, const char *json, size_t length)
{
    struct caught *caught = user;
    return json_read(caught->arena, json, length, &caught->answer, NULL);
}

static bool is_step(struct bundle *bundle, const char *root, struct arena *arena, const char *name)
{
    const struct chart *chart;
    const char *dot = strchr(name, '.');
    if (bundle_chart(bundle, root, &chart, NULL) == GUAN_OK && chart_step_by_id(chart, name) != CHART_NONE) return true;
    const char *process = dot ? arena_text(arena, name, (size_t)(dot - name)) : NULL;
    return process && bundle_chart(bundle, process, &chart, NULL) == GUAN_OK && chart_step_by_id(chart, dot + 1) != CHART_NONE;
}

struct guan_command story_command(struct bundle *bundle, const struct story *story, const struct story_line *line,
                                  const char *kase, struct arena *arena)
{
    bool step = !line->waive && is_step(bundle, story->process, arena, line->name);
    return (struct guan_command){.verb = line->waive ? GUAN_WAIVE
                                         : step      ? GUAN_STEP
                                                     : GUAN_SEND,
                                 .kase = kase,
                                 .name = line->name,
                                 .actor = line->actor,
                                 .by = line->by,
                                 .with = line->with,
                                 .with_count = line->with_count,
                                 .at = line->at,
                                 .rec = line->rec,
                                 .fields = line->fields,
                                 .field_count = line->field_count,
                                 .reason = line->reason};
}

static bool lists_clause(const struct value *clauses, const char *clause)
{
    for (size_t i = 0; i < value_count(clauses); i++)
        if (text_equal(value_as_text(value_at(clauses, i)), clause)) return true;
    return false;
}

static void run_line(struct telling *t, const struct story_line *line)
{
    struct guan_error error;
    struct caught caught = {t->arena, NULL};
    struct guan_sink sink = {catch_answer, &caught};
    error_clear(&error);
    struct guan_command command = story_command(t->bundle, t->story, line, t->kase, t->arena);
    /* An answer is made only where something is asked of it. */
    int code = guan_command(t->guan, &command, line->refused ? &sink : NULL, &error);
    if (line->order > t->clock) t->clock = line->order;
    bool no = code == GUAN_NO || code == GUAN_USAGE;
    const struct value *refused = value_get(caught.answer, "refused");
    const char *text = value_get_text(refused, "text");
    if (!line->refused && code != GUAN_OK)
        check(t, false, line->number, line->text,
              arena_printf(t->arena, "not carried out: %s [%s]", text ? text : error.text, error.rule));
    if (!line->refused) return;
    if (!no) check(t, false, line->number, line->text, "should have been refused, was carried out");
    else if (line->refused_clause && !lists_clause(value_get(refused, "clause"), line->refused_clause))
        check(t, false, line->number, line->text,
              arena_printf(t->arena, "refused, but not by %s: %s", line->refused_clause, text ? text : error.text));
    else check(t, true, line->number, line->text, NULL);
}

static int by_order(const void *a, const void *b)
{
    const struct story_line *x = a, *y = b;
    if (x->order != y->order) return x->order < y->order ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

static int open_story_case(struct telling *t, struct guan_error *error)
{
    struct story *story = t->story;
    struct caught caught = {t->arena, NULL};
    struct guan_sink sink = {catch_answer, &caught};
    if (story->line_count == 0) return error_set(error, GUAN_USAGE, "story", "the story has no lines");
    struct guan_command command = {.verb = GUAN_OPEN,
                                   .name = story->process,
                                   .actor = "system",
                                   .dealer = story->dealer,
                                   .at = story->lines[0].rec,
                                   .parties = story->parties,
                                   .party_count = story->party_count,
                                   .key = "story"};
    int code = guan_command(t->guan, &command, &sink, error);
    if (code == GUAN_OK) t->kase = value_get_text(caught.answer, "case");
    return code;
}

/* --- expectations -------------------------------------------------------------------------------------------------------------
 */

static bool fits(const struct story_expect *expect, const struct value *finding)
{
    return expect->code && text_equal(expect->code, value_get_text(finding, "code")) &&
           text_equal(expect->severity, value_get_text(finding, "severity")) &&
           lists_clause(value_get(finding, "clause"), expect->clause);
}

/* A finding for each expectation, none twice: augmenting paths, since an expectation may fit several findings. */
static bool assign(const struct story *story, const struct value *findings, size_t expect, size_t *taken, bool *seen)
{
    for (size_t f = 0; f < value_count(findings); f++) {
        if (seen[f] || !fits(&story->expects[expect], value_at(findings, f))) continue;
        seen[f] = true;
        if (taken[f] == SIZE_MAX || assign(story, findings, taken[f], taken, seen)) {
            taken[f] = expect;
            return true;
        }
    }
    return false;
}

static void say_finding(struct buffer *text, const char *what, const struct value *finding)
{
    const struct value *clauses = value_get(finding, "clause");
    buffer_printf(text, "%s%s: %s %s", text->length ? "; " : "", what, value_get_text(finding, "code"),
                  value_get_text(finding, "severity"));
    for (size_t i = 0; i < value_count(clauses); i++)
        buffer_printf(text, "%s%s", i ? "," : " ", value_as_text(value_at(clauses, i)));
    if (value_get_text(finding, "step"))
        buffer_printf(text, " (%s.%s)", value_get_text(finding, "process"), value_get_text(finding, "step"));
}

static void expect_findings(struct telling *t, const struct value *findings)
{
    const struct story *story = t->story;
    size_t count = value_count(findings), wanted = 0;
    size_t *taken = arena_alloc(t->arena, (count + 1) * sizeof *taken);
    bool *seen = arena_alloc(t->arena, count + 1);
    struct buffer text = {0};
    uint32_t line = 0;
    bool asked = false;
    if (!taken || !seen) return;
    for (size_t f = 0; f < count; f++) taken[f] = SIZE_MAX;
    for (size_t e = 0; e < story->expect_count; e++) {
        const struct story_expect *expect = &story->expects[e];
        if (expect->none || expect->code) asked = true, line = expect->number;
        if (!expect->code) continue;
        wanted++;
        memset(seen, 0, count + 1);
        if (!assign(story, findings, e, taken, seen))
            buffer_printf(&text, "%smissing: %s %s %s (line %u)", text.length ? "; " : "", expect->code, expect->severity,
                          expect->clause, expect->number);
    }
    for (size_t f = 0; f < count; f++)
        if (taken[f] == SIZE_MAX) say_finding(&text, "unexpected", value_at(findings, f));
    if (asked) check(t, text.length == 0, line, wanted ? "findings as expected" : "no findings", text.data);
    buffer_release(&text);
}

/* The findings that stand; states that are active. */
static int look(struct telling *t, struct value **findings, struct value **states, struct guan_error *error)
{
    struct case_row row;
    struct kase kase;
    struct value *all;
    arena_reset(t->guan->arena);
    int code = store_begin(t->guan->store, false, error);
    if (code == GUAN_OK) code = store_case(t->guan->store, t->arena, t->kase, &row, error);
    if (code == GUAN_OK) code = findings_fold(t->guan, &row, t->arena, &all, error);
    if (code == GUAN_OK) code = kase_load(t->guan, &row, &kase, error);
    *findings = value_list(t->arena);
    *states = value_list(t->arena);
    if (code == GUAN_OK) {
        for (size_t i = 0; i < value_count(all); i++)
            if (!text_equal(value_get_text(value_at(all, i), "status"), "withdrawn"))
                value_add(t->arena, *findings, value_at(all, i));
        for (size_t i = 0; i < kase.member_count; i++) {
            const struct chart *chart = kase.members[i]->chart;
            if (kase.members[i]->ended) continue;
            const uint64_t *set = session_configuration(kase.members[i]->session);
            for (uint32_t s = bits_next(set, 1, chart->state_count); s != BITS_NONE;
                 s = bits_next(set, s + 1, chart->state_count))
                value_add(t->arena, *states, value_text(t->arena, chart->states[s].id));
        }
        kase_drop(&kase);
    }
    store_rollback(t->guan->store);
    return code;
}

static int expectations(struct telling *t, struct guan_error *error)
{
    struct value *findings, *states;
    int code = look(t, &findings, &states, error);
    if (code != GUAN_OK) return code;
    for (size_t e = 0; e < t->story->expect_count; e++) {
        const struct story_expect *expect = &t->story->expects[e];
        if (!expect->state) continue;
        bool found = lists_clause(states, expect->state);
        check(t, found, expect->number, arena_printf(t->arena, "state %s", expect->state), found ? NULL : "is not active");
    }
    expect_findings(t, findings);
    return GUAN_OK;
}

/* --- the whole ---------------------------------------------------------------------------------------------------------------
 */

static int quiet(void *user, const char *json, size_t length)
{
    (void)user;
    (void)json;
    (void)length;
    return 0;
}

static int play(struct telling *t, struct guan_error *error)
{
    const struct guan_sink none = {quiet, NULL};
    const struct house *house;
    struct story *story = t->story;
    bool known = t->stage->published && !t->own;
    int code = known ? guan_publish_known(t->guan, t->bundle, &none, error) : guan_publish(t->guan, t->bundle, &none, error);
    if (code == GUAN_OK && !t->own) t->stage->published = true;
    if (code == GUAN_OK) code = bundle_house(t->bundle, story->dealer, &house, error);
    if (code != GUAN_OK) return code;
    t->zone = house->zone;
    for (size_t i = 0; i < story->line_count && code == GUAN_OK; i++) {
        struct story_line *line = &story->lines[i];
        code = instant_parse(line->rec, strlen(line->rec), t->zone, &line->order, error);
        if (code != GUAN_OK)
            return error_set(error, GUAN_USAGE, "story", "line %u: \"%s\" is not a time", line->number, line->rec);
    }
    if (story->line_count) qsort(story->lines, story->line_count, sizeof *story->lines, by_order);
    code = open_story_case(t, error);
    for (size_t i = 0; i < story->line_count && code == GUAN_OK; i++) run_line(t, &story->lines[i]);
    if (code == GUAN_OK && story->until) {
        struct guan_command command = {.verb = GUAN_TICK, .until = story->until};
        code = guan_command(t->guan, &command, &none, error);
    }
    return code == GUAN_OK ? expectations(t, error) : code;
}

static int read_whole(struct arena *arena, const char *path, const char **bytes, size_t *length, struct guan_error *error)
{
    struct stat info;
    FILE *file = stat(path, &info) == 0 && S_ISREG(info.st_mode) ? fopen(path, "rb") : NULL;
    if (!file) return error_set(error, GUAN_USAGE, "no-such-file", "%s: there is no such file", path);
    size_t size = (size_t)info.st_size;
    char *data = (uint64_t)size <= LIMIT_FILE_BYTES ? arena_alloc(arena, size + 1) : NULL;
    size_t got = data ? fread(data, 1, size, file) : 0;
    fclose(file);
    if (!data || got != size) return error_set(error, GUAN_FAILED, "read", "%s: cannot be read", path);
    *bytes = data;
    *length = size;
    return GUAN_OK;
}

/* A new store for the stage's handle, which keeps what it has read of definitions: they go by their hashes. */
static int set_stage(struct stage *stage, struct guan_error *error)
{
    struct store *store;
    int code = store_open_new(":memory:", STORE_VIRTUAL | STORE_CLAIMED, &store, error);
    if (code != GUAN_OK) return code;
    if (!stage->guan) return guan_attach(store, &stage->guan, error);
    store_close(stage->guan->store);
    stage->guan->store = store;
    return GUAN_OK;
}

void stage_end(struct stage *stage)
{
    guan_close(stage->guan);
    stage->guan = NULL;
}

int story_play(struct stage *stage, const char *file, struct arena *arena, const struct guan_sink *sink, const char **title,
               int64_t *failed, struct guan_error *error)
{
    struct story story;
    const char *text = NULL;
    size_t length = 0;
    uint64_t counter = 0;
    struct telling t = {.story = &story, .arena = arena, .sink = sink, .stage = stage};
    int code = read_whole(arena, file, &text, &length, error);
    if (code == GUAN_OK) code = story_read(arena, file, text, length, &story, error);
    if (code == GUAN_OK) code = add_cast(&t, stage->bundle, error);
    if (code == GUAN_OK) code = set_stage(stage, error);
    if (code == GUAN_OK) {
        t.guan = stage->guan;
        t.guan->random = seeded;
        t.guan->random_user = &counter;
        t.guan->witness = stage->witness;
        code = play(&t, error);
        if (code == GUAN_OK && stage->then) code = stage->then(stage->user, t.guan, error);
    }
    bundle_free(t.own);
    *failed = t.failed;
    if (code != GUAN_OK) return code;
    struct value *map = value_map(arena);
    *title = story.title;
    value_set_text(arena, map, "story", story.title);
    value_set_int(arena, map, "passed", t.passed);
    value_set_int(arena, map, "failed", t.failed);
    return answer_put(sink, map, error);
}

int story_run_then(const struct bundle *bundle, const char *file, struct witness *witness, struct arena *arena,
                   const struct guan_sink *sink, const char **title, int64_t *failed, story_then *then, void *user,
                   struct guan_error *error)
{
    struct stage stage = {.bundle = bundle, .witness = witness, .then = then, .user = user};
    int code = story_play(&stage, file, arena, sink, title, failed, error);
    stage_end(&stage);
    return code;
}

int guan_story(const char *dir, const char *file, const struct guan_sink *sink, struct guan_error *error)
{
    struct bundle *bundle = NULL;
    const char *title;
    int64_t failed = 0;
    struct arena *arena = arena_new();
    if (!arena) return error_memory(error);
    int code = bundle_read(dir, &bundle, error);
    if (code == GUAN_OK) code = story_run_then(bundle, file, NULL, arena, sink, &title, &failed, NULL, NULL, error);
    bundle_free(bundle);
    arena_free(arena);
    if (code != GUAN_OK) return code;
    return failed ? error_set(error, GUAN_NO, "story", "%lld checks failed", (long long)failed) : GUAN_OK;
}
