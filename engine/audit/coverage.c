/* Coverage: from a clause to where the flows encode it, to the stories that exercise it, to how it stands in the store. */
#include "audit/coverage.h"

#include "audit/clauses.h"

#include <stdlib.h>
#include <string.h>

struct cover {
    bool encoded, exercised;
    bool small;             /* something smaller than a state or a flow cites it */
    unsigned char *stories; /* by story: it exercises the clause */
};
struct told_story {
    const char *name, *title, *text; /* text: why it could not be run */
    bool ok;
};
struct covering {
    struct guan *guan; /* NULL: no store */
    const struct guan_coverage *what;
    const struct guan_sink *sink;
    struct guan_error *error;
    struct arena *arena;
    struct bundle *bundle;
    const struct catalogue *catalogue;
    struct elements elements;
    struct cited *cited;
    size_t cited_count, clause_count;
    struct cover *covers;
    struct standing *standings; /* NULL: no store */
    struct told_story *stories;
    struct stage stage;
    size_t wrong; /* binding clauses with a gap */
};

static int quiet(void *user, const char *json, size_t length)
{
    (void)user;
    (void)json;
    (void)length;
    return 0;
}

/* --- the definition --------------------------------------------------------------------------------------------------------- */

/* The store's newest definition, with the houses of all its dealers. */
static int bundle_of_store(struct guan *guan, struct arena *arena, struct bundle **out, struct guan_error *error)
{
    struct hash def;
    const char *hex, *dealers;
    int code = store_info(guan->store, arena, "def", &hex, error);
    if (code == GUAN_OK) code = store_info(guan->store, arena, "dealers", &dealers, error);
    if (code != GUAN_OK) return code;
    if (!hex || !dealers || !hash_from_hex(hex, &def))
        return error_set(error, GUAN_USAGE, "nothing-deployed", "nothing is deployed in this store");
    code = bundle_new(out, error);
    const char *word;
    size_t length;
    while (code == GUAN_OK && text_word(&dealers, &word, &length)) {
        struct setting *setting;
        code = setting_get(guan, &def, arena_text(arena, word, length), &setting, error);
        for (size_t i = 0; code == GUAN_OK && i < bundle_count(setting->bundle); i++) {
            const struct bundle_file *file = bundle_at(setting->bundle, i);
            code = bundle_load(setting->bundle, file, error);
            if (code != GUAN_OK) break;
            int added = bundle_add(*out, file->path, file->bytes, file->length, error);
            if (added != GUAN_USAGE) code = added; /* of every house: it is there already */
        }
    }
    if (code == GUAN_OK) error_clear(error);
    return code;
}

static int read_definition(struct covering *c)
{
    struct arena *arena = c->arena;
    int code =
        c->what->dir ? bundle_read(c->what->dir, &c->bundle, c->error) : bundle_of_store(c->guan, arena, &c->bundle, c->error);
    if (code == GUAN_OK) code = bundle_check(c->bundle, NULL, NULL, c->error);
    if (code != GUAN_OK) return code;
    c->catalogue = bundle_catalogue(c->bundle, c->error);
    if (!c->catalogue) return c->error->code;
    code = elements_read(c->bundle, arena, &c->elements, c->error);
    if (code != GUAN_OK) return code;
    c->clause_count = catalogue_clause_count(c->catalogue);
    c->covers = arena_alloc(arena, (c->clause_count + 1) * sizeof *c->covers);
    c->stories = arena_alloc(arena, (c->what->story_count + 1) * sizeof *c->stories);
    for (size_t i = 0; c->covers && i < c->clause_count; i++) c->covers[i].stories = arena_alloc(arena, c->what->story_count + 1);
    return arena_failed(arena) ? error_memory(c->error) : GUAN_OK;
}

static void cite(struct covering *c)
{
    size_t capacity = 0;
    for (size_t i = 0; i < c->elements.count; i++) {
        const struct element *element = &c->elements.items[i];
        for (uint32_t k = 0; k < element->clauses->count; k++) {
            const struct clause *clause = catalogue_clause(c->catalogue, element->clauses->items[k]);
            c->cited = arena_grow(c->arena, c->cited, c->cited_count, &capacity, sizeof *c->cited);
            if (!clause || !c->cited) continue; /* unknown ones were told by the check; of memory the arena knows */
            size_t index = (size_t)(clause - catalogue_clause_at(c->catalogue, 0));
            c->cited[c->cited_count++] = (struct cited){element, index, true};
            c->covers[index].encoded = true;
            if (!element_is_frame(element)) c->covers[index].small = true;
        }
    }
    for (size_t i = 0; i < c->cited_count; i++)
        c->cited[i].counts = !element_is_frame(c->cited[i].element) || !c->covers[c->cited[i].clause].small;
}

/* --- stories ------------------------------------------------------------------------------------------------------------------
 */

static const char *story_name(struct arena *arena, const char *file)
{
    static const char ending[] = ".story";
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    size_t length = strlen(name), cut = sizeof ending - 1;
    if (length > cut && strcmp(name + length - cut, ending) == 0) length -= cut;
    return arena_text(arena, name, length);
}

/* A waiver is no exercise of the step. */
static bool exercises(const struct cited *cited, const struct witness *witness)
{
    unsigned seen = element_seen(cited->element, witness);
    if (cited->element->kind == WITNESS_STEP) seen &= WITNESS_DONE;
    return seen && cited->counts;
}

/* What a story shows counts only when all its checks hold. */
static int run_story(struct covering *c, size_t index)
{
    static const struct guan_sink none = {quiet, NULL};
    const char *file = c->what->stories[index], *title = NULL;
    struct told_story *story = &c->stories[index];
    struct arena *arena = arena_new();
    struct witness witness;
    struct guan_error why;
    int64_t failed = 0;
    if (!arena) return error_memory(c->error);
    error_clear(&why);
    witness_init(&witness, arena);
    c->stage.witness = &witness;
    int code = story_play(&c->stage, file, arena, &none, &title, &failed, &why);
    if (code == GUAN_OK && arena_failed(arena)) code = error_memory(&why);
    story->name = story_name(c->arena, file);
    story->title = title ? arena_text(c->arena, title, strlen(title)) : NULL;
    story->ok = code == GUAN_OK && failed == 0;
    if (code != GUAN_OK) story->text = arena_printf(c->arena, "%s", why.text);
    for (size_t i = 0; story->ok && i < c->cited_count; i++)
        if (exercises(&c->cited[i], &witness)) {
            c->covers[c->cited[i].clause].stories[index] = 1;
            c->covers[c->cited[i].clause].exercised = true;
        }
    arena_free(arena);
    if (code == GUAN_FAILED || code == GUAN_TAMPERED) {
        *c->error = why;
        return code;
    }
    return arena_failed(c->arena) ? error_memory(c->error) : GUAN_OK;
}

/* --- what is said
 * --------------------------------------------------------------------------------------------------------------- */

static bool asked(const struct clause *clause, const char *begin)
{
    return clause->standard && (!begin || clause_under(clause->id, begin));
}

static bool binding(const struct clause *clause)
{
    return clause->klass <= CHART_CLASS_STANDARD;
}

static const char *status_of(const struct clause *clause, const struct cover *cover)
{
    if (strcmp(clause->kind, "heading") == 0) return "heading";
    if (!clause->testable) return "untestable";
    if (!cover->encoded) return "missing";
    return cover->exercised ? "exercised" : "encoded";
}

static struct value *encoded_list(const struct covering *c, size_t index)
{
    struct value *list = value_list(c->arena);
    for (size_t i = 0; i < c->cited_count; i++) {
        const struct element *element = c->cited[i].element;
        if (c->cited[i].clause != index) continue;
        struct value *map = value_map(c->arena);
        value_set_text(c->arena, map, "process", element->process);
        value_set_text(c->arena, map, "kind", element_kind(element));
        value_set_text(c->arena, map, "state", element->state);
        value_set_text(c->arena, map, "id", element->id);
        value_set_text(c->arena, map, "title", element->title);
        value_add(c->arena, list, map);
    }
    return list;
}

static struct value *stands(const struct covering *c, size_t index)
{
    if (!c->standings) return NULL;
    const struct standing *standing = &c->standings[index];
    struct value *map = value_map(c->arena);
    value_set_int(c->arena, map, "done", standing->done);
    value_set_int(c->arena, map, "late", standing->late);
    value_set_int(c->arena, map, "missed", standing->missed);
    value_set_int(c->arena, map, "waived", standing->waived);
    value_set_int(c->arena, map, "other", standing->other);
    return map;
}

static int put_clause(struct covering *c, size_t index)
{
    const struct clause *clause = catalogue_clause_at(c->catalogue, index);
    const struct cover *cover = &c->covers[index];
    struct value *map = value_map(c->arena), *stories = value_list(c->arena);
    value_set_text(c->arena, map, "clause", clause->id);
    value_set_text(c->arena, map, "title", clause->title);
    value_set_text(c->arena, map, "standard", clause->standard);
    value_set_text(c->arena, map, "parent", clause->parent);
    value_set_text(c->arena, map, "kind", clause->kind);
    value_set_text(c->arena, map, "basis", clause->basis);
    value_set_bool(c->arena, map, "testable", clause->testable);
    value_set_text(c->arena, map, "why", clause->why);
    value_set_text(c->arena, map, "status", status_of(clause, cover));
    value_set(c->arena, map, "encoded", encoded_list(c, index));
    for (size_t s = 0; s < c->what->story_count; s++)
        if (cover->stories[s]) value_add(c->arena, stories, value_text(c->arena, c->stories[s].name));
    value_set(c->arena, map, "stories", stories);
    value_set(c->arena, map, "stands", stands(c, index));
    return answer_put(c->sink, map, c->error);
}

struct tally {
    int64_t clauses, testable, encoded, exercised;
};

static void count(struct tally *tally, const struct clause *clause, const struct cover *cover)
{
    tally->clauses++;
    tally->testable += clause->testable;
    tally->encoded += clause->testable && cover->encoded;
    tally->exercised += clause->testable && cover->exercised;
}

static void put_tally(const struct covering *c, struct value *map, const struct tally *tally)
{
    value_set_int(c->arena, map, "clauses", tally->clauses);
    value_set_int(c->arena, map, "testable", tally->testable);
    value_set_int(c->arena, map, "encoded", tally->encoded);
    if (c->what->story_count) value_set_int(c->arena, map, "exercised", tally->exercised);
}

static struct value *standards_list(struct covering *c, struct tally *all, struct value *gaps)
{
    struct value *list = value_list(c->arena);
    for (size_t i = 0, next; i < c->clause_count; i = next) {
        const struct clause *first = catalogue_clause_at(c->catalogue, i), *clause = first;
        struct tally tally = {0};
        for (next = i; next < c->clause_count; next++) {
            clause = catalogue_clause_at(c->catalogue, next);
            if (!text_equal(clause->standard, first->standard)) break;
            if (!asked(clause, c->what->clause)) continue;
            count(&tally, clause, &c->covers[next]);
            bool met = c->what->story_count ? c->covers[next].exercised : c->covers[next].encoded; /* without stories: by that */
            if (!clause->testable || !binding(clause) || met) continue;
            value_add(c->arena, gaps, value_text(c->arena, clause->id));
            c->wrong++;
        }
        if (!tally.clauses) continue;
        struct value *map = value_map(c->arena);
        value_set_text(c->arena, map, "id", first->standard);
        value_set_text(c->arena, map, "title", first->standard_title);
        value_set_bool(c->arena, map, "binding", binding(first));
        put_tally(c, map, &tally);
        value_add(c->arena, list, map);
        all->clauses += tally.clauses;
        all->testable += tally.testable;
        all->encoded += tally.encoded;
        all->exercised += tally.exercised;
    }
    return list;
}

static int put_summary(struct covering *c)
{
    struct value *map = value_map(c->arena), *summary = value_map(c->arena), *stories = value_list(c->arena),
                 *gaps = value_list(c->arena);
    struct tally all = {0};
    value_set(c->arena, summary, "standards", standards_list(c, &all, gaps));
    put_tally(c, summary, &all);
    value_set(c->arena, summary, "gaps", gaps);
    for (size_t s = 0; s < c->what->story_count; s++) {
        struct value *story = value_map(c->arena);
        value_set_text(c->arena, story, "name", c->stories[s].name);
        value_set_text(c->arena, story, "title", c->stories[s].title);
        value_set_bool(c->arena, story, "ok", c->stories[s].ok);
        value_set_text(c->arena, story, "text", c->stories[s].text);
        value_add(c->arena, stories, story);
    }
    value_set(c->arena, summary, "stories", stories);
    value_set_bool(c->arena, summary, "store", c->standings != NULL);
    value_set(c->arena, map, "summary", summary);
    return answer_put(c->sink, map, c->error);
}

/* --- the whole
 * -------------------------------------------------------------------------------------------------------------------- */

static int check_asked(struct covering *c)
{
    for (size_t i = 0; i < c->clause_count; i++)
        if (asked(catalogue_clause_at(c->catalogue, i), c->what->clause)) return GUAN_OK;
    int code = c->what->clause ? clause_known(c->catalogue, c->what->clause, c->error) : GUAN_OK;
    return code != GUAN_OK ? code : error_set(c->error, GUAN_USAGE, "no-clauses", "there is no clause in processes/standards/");
}

static int cover_all(struct covering *c)
{
    int code = read_definition(c);
    if (code == GUAN_OK) code = check_asked(c);
    if (code == GUAN_OK) cite(c);
    c->stage.bundle = c->bundle;
    for (size_t s = 0; s < c->what->story_count && code == GUAN_OK; s++) code = run_story(c, s);
    if (code == GUAN_OK && c->guan) {
        c->standings = arena_alloc(c->arena, (c->clause_count + 1) * sizeof *c->standings);
        code = c->standings ? standings_read(c->guan, c->catalogue, c->cited, c->cited_count, c->standings, c->error)
                            : error_memory(c->error);
    }
    for (size_t i = 0; i < c->clause_count && code == GUAN_OK; i++)
        if (asked(catalogue_clause_at(c->catalogue, i), c->what->clause)) code = put_clause(c, i);
    return code == GUAN_OK ? put_summary(c) : code;
}

int guan_coverage(struct guan *guan, const struct guan_coverage *what, const struct guan_sink *sink, struct guan_error *error)
{
    struct guan_error local;
    if (!error) error = &local;
    error_clear(error);
    struct covering c = {.guan = guan, .what = what, .sink = sink, .error = error, .arena = arena_new()};
    if (!c.arena) return error_memory(error);
    if (guan) arena_reset(guan->arena);
    int code = guan || what->dir ? cover_all(&c) : error_set(error, GUAN_USAGE, "no-bundle", "neither a folder nor a store");
    if (code == GUAN_OK && arena_failed(c.arena)) code = error_memory(error);
    stage_end(&c.stage);
    bundle_free(c.bundle);
    arena_free(c.arena);
    if (code != GUAN_OK) return code;
    return c.wrong ? error_set(error, GUAN_NO, "coverage", "testable clauses encoded nowhere%s: %zu",
                               what->story_count ? ", or exercised by no story" : "", c.wrong)
                   : GUAN_OK;
}
