/* Stories together: what none of them exercised of the flows. */
#include "audit/coverage.h"

#include <string.h>

struct leftover {
    struct arena *arena;
    const struct guan_sink *sink;
    const struct witness *witness;
    struct guan_error *error;
    int64_t count, of;
    int code;
};

/* One thing that a story could show. */
static void look(struct leftover *l, bool seen, const char *process, const char *kind, const char *id, const char *title)
{
    l->of++;
    if (seen || l->code != GUAN_OK) return;
    struct value *map = value_map(l->arena), *row = value_map(l->arena);
    l->count++;
    value_set_text(l->arena, map, "process", process);
    value_set_text(l->arena, map, "kind", kind);
    value_set_text(l->arena, map, "id", id);
    value_set_text(l->arena, map, "title", title);
    value_set(l->arena, row, "uncovered", map);
    l->code = answer_put(l->sink, row, l->error);
}

static void look_at(struct leftover *l, const struct element *element)
{
    const struct chart *chart = element->chart;
    unsigned seen = element_seen(element, l->witness);
    const char *process = element->process, *id = element->id, *title = element->title;
    switch (element->kind) {
    case WITNESS_STATE:
    case WITNESS_TRANSITION: look(l, seen, process, element_kind(element), id, title); break;
    case WITNESS_STEP:
        look(l, seen & WITNESS_DONE, process, "step", id, title);
        if (chart->steps[element->index].waive_by.count) look(l, seen & WITNESS_WAIVED, process, "waive", id, title);
        break;
    case WITNESS_DEADLINE:
        if (chart->deadlines[element->index].step != CHART_NONE) look(l, seen & WITNESS_MET, process, "deadline-met", id, title);
        look(l, seen & WITNESS_MISSED, process, "deadline-missed", id, title);
        break;
    case WITNESS_RULE:
        look(l, seen & WITNESS_JUDGED, process, "rule-judged", id, title);
        look(l, seen & WITNESS_BROKEN, process, "rule-broken", id, title);
        break;
    case WITNESS_FIELD:
    case WITNESS_KINDS: break;
    }
}

/* --- roles ------------------------------------------------------------------------------------------------------------------ */

struct role_list {
    const char *items[64];
    size_t count;
};

/* "a|b" is both. */
static void add_roles(struct arena *arena, struct role_list *list, const struct chart_names *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        for (const char *word = names->items[i]; word && *word;) {
            size_t length = strcspn(word, "|"), k = 0;
            const char *role = arena_text(arena, word, length);
            while (role && k < list->count && strcmp(list->items[k], role) != 0) k++;
            bool full = list->count == sizeof list->items / sizeof *list->items;
            if (role && k == list->count && !full && strcmp(role, "system") != 0) list->items[list->count++] = role;
            word += length + (word[length] == '|');
        }
}

static void look_at_roles(struct leftover *l, const char *process, const struct chart *chart)
{
    struct role_list roles = {.count = 0};
    for (uint32_t i = 0; i < chart->step_count; i++) {
        add_roles(l->arena, &roles, &chart->steps[i].roles);
        add_roles(l->arena, &roles, &chart->steps[i].with);
    }
    for (uint32_t i = 0; i < chart->transition_count; i++) add_roles(l->arena, &roles, &chart->transitions[i].roles);
    for (size_t i = 0; i < roles.count; i++)
        look(l, witness_acted(l->witness, process, roles.items[i]), process, "role", roles.items[i], NULL);
}

/* A flow that no story entered is one line, not one for all that is in it. */
static int put_leftover(struct bundle *bundle, const struct witness *witness, struct arena *arena, const struct guan_sink *sink,
                        struct guan_error *error)
{
    struct leftover l = {.arena = arena, .sink = sink, .witness = witness, .error = error};
    struct elements elements = {0};
    int code = elements_read(bundle, arena, &elements, error);
    for (size_t i = 0; i < elements.count && code == GUAN_OK; i++) {
        const struct element *element = &elements.items[i];
        bool flow = element->kind == WITNESS_STATE && element->index == 0, ran = witness_of(witness, element->process) != NULL;
        if (flow || ran) look_at(&l, element);
        if (flow && ran) look_at_roles(&l, element->process, element->chart);
        code = l.code;
    }
    if (code != GUAN_OK) return code;
    struct value *map = value_map(arena), *coverage = value_map(arena);
    value_set_int(arena, coverage, "exercised", l.of - l.count);
    value_set_int(arena, coverage, "of", l.of);
    value_set(arena, map, "coverage", coverage);
    return arena_failed(arena) ? error_memory(error) : answer_put(sink, map, error);
}

/* --- the stories
 * ---------------------------------------------------------------------------------------------------------------- */

static int put_file(struct arena *arena, const struct guan_sink *sink, const char *file, struct guan_error *error)
{
    struct value *map = value_map(arena);
    value_set_text(arena, map, "file", file);
    return answer_put(sink, map, error);
}

/* A story that could not be run at all is a check that failed. */
static int put_failure(struct arena *arena, const struct guan_sink *sink, const char *file, const struct guan_error *why)
{
    struct value *map = value_map(arena);
    value_set_bool(arena, map, "ok", false);
    value_set_text(arena, map, "name", file);
    value_set_text(arena, map, "text", arena_printf(arena, "%s%s%s", why->where, why->where[0] ? ": " : "", why->text));
    return answer_put(sink, map, NULL);
}

static int run(struct stage *stage, const char *file, struct witness *all, const struct guan_sink *sink, int64_t *failed,
               struct guan_error *error)
{
    struct arena *arena = arena_new();
    struct witness witness;
    struct guan_error why;
    const char *title;
    int64_t checks = 0;
    if (!arena) return error_memory(error);
    error_clear(&why);
    witness_init(&witness, arena);
    int code = put_file(arena, sink, file, error);
    stage->witness = &witness;
    if (code == GUAN_OK) code = story_play(stage, file, arena, sink, &title, &checks, &why);
    if (code == GUAN_NO || code == GUAN_USAGE) {
        code = put_failure(arena, sink, file, &why);
        checks++;
    } else if (code == GUAN_OK) {
        witness_merge(all, &witness);
    } else if (error->code == GUAN_OK) {
        *error = why;
    }
    *failed += checks;
    arena_free(arena);
    return code;
}

int guan_stories(const char *dir, const char *const *files, size_t count, const struct guan_sink *sink, struct guan_error *error)
{
    struct guan_error local;
    struct bundle *bundle = NULL;
    struct witness all;
    int64_t failed = 0;
    if (!error) error = &local;
    error_clear(error);
    struct arena *arena = arena_new();
    if (!arena) return error_memory(error);
    witness_init(&all, arena);
    int code = bundle_read(dir, &bundle, error);
    struct stage stage = {.bundle = bundle};
    for (size_t i = 0; i < count && code == GUAN_OK; i++) code = run(&stage, files[i], &all, sink, &failed, error);
    stage_end(&stage);
    if (code == GUAN_OK) code = put_leftover(bundle, &all, arena, sink, error);
    bundle_free(bundle);
    arena_free(arena);
    if (code != GUAN_OK) return code;
    return failed ? error_set(error, GUAN_NO, "story", "%lld checks failed", (long long)failed) : GUAN_OK;
}
