/* The compiler's frame: lists that grow, the passes in their order, the finished chart. */
#include "chart/compile.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

static bool list_init(struct list *list, size_t size)
{
    *list = (struct list){.size = size, .capacity = 8};
    list->items = memory_alloc(size * list->capacity);
    return list->items != NULL;
}

struct chart_span list_reserve(struct compile *c, struct list *list, uint32_t count)
{
    struct chart_span span = {list->count, count};
    if (count > list->capacity - list->count) {
        uint32_t capacity = list->capacity;
        while (capacity - list->count < count && capacity < UINT32_MAX / 2) capacity *= 2;
        void *items = c->failed ? NULL : memory_resize(list->items, capacity * list->size);
        if (items == NULL) {
            c->failed = true;
            return (struct chart_span){0, 0};
        }
        list->items = items;
        list->capacity = capacity;
    }
    memset((char *)list->items + list->count * list->size, 0, count * list->size);
    list->count += count;
    return span;
}

void *list_add(struct compile *c, struct list *list)
{
    struct chart_span span = list_reserve(c, list, 1);
    return (char *)list->items + span.first * list->size;
}

static int by_id(const void *left, const void *right)
{
    const struct id_entry *a = left, *b = right;
    int order = strcmp(a->id, b->id);
    return order != 0 ? order : a->index < b->index ? -1 : a->index > b->index;
}

void sort_ids(struct id_entry *ids, uint32_t count)
{
    if (count > 0) qsort(ids, count, sizeof *ids, by_id);
}

uint32_t find_id(const struct id_entry *ids, uint32_t count, const char *id)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strcmp(ids[middle].id, id) < 0) low = middle + 1;
        else high = middle;
    }
    return low < count && strcmp(ids[low].id, id) == 0 ? ids[low].index : CHART_NONE;
}

/* --- the lists of one chart ------------------------------------------------------------------------------------- */

/* Where each list ends up in the chart: the one table that making, moving and freeing go by. */
struct row {
    size_t list, items, count, size; /* offsets in struct compile and struct chart; size of an element */
};
static const struct row rows[] = {
    {offsetof(struct compile, states), offsetof(struct chart, states), offsetof(struct chart, state_count),
     sizeof(struct chart_state)},
    {offsetof(struct compile, transitions), offsetof(struct chart, transitions), offsetof(struct chart, transition_count),
     sizeof(struct chart_transition)},
    {offsetof(struct compile, targets), offsetof(struct chart, targets), offsetof(struct chart, target_count), sizeof(uint32_t)},
    {offsetof(struct compile, children), offsetof(struct chart, children), offsetof(struct chart, child_count), sizeof(uint32_t)},
    {offsetof(struct compile, descriptors), offsetof(struct chart, descriptors), offsetof(struct chart, descriptor_count),
     sizeof(struct chart_descriptor)},
    {offsetof(struct compile, blocks), offsetof(struct chart, blocks), offsetof(struct chart, block_count), sizeof(uint32_t)},
    {offsetof(struct compile, execs), offsetof(struct chart, execs), offsetof(struct chart, exec_count),
     sizeof(struct chart_exec)},
    {offsetof(struct compile, branches), offsetof(struct chart, branches), offsetof(struct chart, branch_count),
     sizeof(struct chart_branch)},
    {offsetof(struct compile, params), offsetof(struct chart, params), offsetof(struct chart, param_count),
     sizeof(struct chart_param)},
    {offsetof(struct compile, sends), offsetof(struct chart, sends), offsetof(struct chart, send_count),
     sizeof(struct chart_send)},
    {offsetof(struct compile, donedata), offsetof(struct chart, donedata), offsetof(struct chart, donedata_count),
     sizeof(struct chart_payload)},
    {offsetof(struct compile, invokes), offsetof(struct chart, invokes), offsetof(struct chart, invoke_count),
     sizeof(struct chart_invoke)},
    {offsetof(struct compile, data), offsetof(struct chart, data), offsetof(struct chart, data_count), sizeof(struct chart_data)},
    {offsetof(struct compile, exprs), offsetof(struct chart, exprs), offsetof(struct chart, expr_count),
     sizeof(struct chart_expr)},
    {offsetof(struct compile, steps), offsetof(struct chart, steps), offsetof(struct chart, step_count),
     sizeof(struct chart_step)},
    {offsetof(struct compile, step_refs), offsetof(struct chart, step_refs), offsetof(struct chart, step_ref_count),
     sizeof(uint32_t)},
    {offsetof(struct compile, fields), offsetof(struct chart, fields), offsetof(struct chart, field_count),
     sizeof(struct chart_field)},
    {offsetof(struct compile, deadlines), offsetof(struct chart, deadlines), offsetof(struct chart, deadline_count),
     sizeof(struct chart_deadline)},
    {offsetof(struct compile, rules), offsetof(struct chart, rules), offsetof(struct chart, rule_count),
     sizeof(struct chart_rule)},
    {offsetof(struct compile, state_nodes), 0, 0, sizeof(const struct node *)},
    {offsetof(struct compile, step_nodes), 0, 0, sizeof(const struct node *)},
    {offsetof(struct compile, deadline_nodes), 0, 0, sizeof(const struct node *)},
    {offsetof(struct compile, rule_nodes), 0, 0, sizeof(const struct node *)},
};
static const size_t row_count = sizeof rows / sizeof *rows;

static struct list *list_of(struct compile *c, const struct row *row)
{
    return (struct list *)(void *)((char *)c + row->list);
}

static bool lists_init(struct compile *c)
{
    bool ok = true;
    for (size_t i = 0; i < row_count; i++) ok = list_init(list_of(c, &rows[i]), rows[i].size) && ok;
    return ok;
}

static void lists_free(struct compile *c)
{
    for (size_t i = 0; i < row_count; i++) memory_free(list_of(c, &rows[i])->items);
}

/* Copies the lists that are part of the chart into the arena, at their final size. */
static void lists_keep(struct compile *c)
{
    for (size_t i = 0; i < row_count; i++) {
        const struct list *list = list_of(c, &rows[i]);
        if (rows[i].items == 0) continue;
        void *items = arena_alloc(c->arena, list->count * list->size);
        if (items == NULL) return;
        memcpy(items, list->items, list->count * list->size);
        char *chart = (char *)&c->out->chart;
        memcpy(chart + rows[i].items, &items, sizeof items);
        memcpy(chart + rows[i].count, &list->count, sizeof list->count);
    }
}

/* --- the passes --------------------------------------------------------------------------------------------------- */

static void compile_head(struct compile *c)
{
    struct chart *chart = &c->out->chart;
    const struct node *root = c->root;
    const char *name = node_value(root, "name"), *model = node_value(root, "datamodel"), *binding = node_value(root, "binding");
    chart->name = name == NULL ? "" : name;
    chart->file = arena_text(c->arena, c->options->file, strlen(c->options->file));
    chart->early = true;
    chart->lua = c->lua = model == NULL || strcmp(model, "null") != 0;
    chart->script = CHART_NONE;
    if (model != NULL && c->lua && strcmp(model, "lua") != 0)
        problem(c->report, node_attribute(root, SPACE_NONE, "datamodel")->place, "datamodel", "write datamodel=\"lua\"",
                "the data model \"%s\" is not known; there are lua and null", model);
    const char *version = node_value(root, "version");
    if (version != NULL && strcmp(version, "1.0") != 0)
        problem(c->report, node_attribute(root, SPACE_NONE, "version")->place, "version", "write version=\"1.0\"",
                "SCXML version \"%s\" is not known", version);
    if (binding != NULL) {
        chart->early = strcmp(binding, "late") != 0;
        if (chart->early && strcmp(binding, "early") != 0)
            problem(c->report, node_attribute(root, SPACE_NONE, "binding")->place, "binding", NULL,
                    "the binding is \"early\" or \"late\", not \"%s\"", binding);
    }
    const struct attribute *lang = node_attribute(root, SPACE_OTHER, "lang");
    chart->lang = lang == NULL ? NULL : lang->value;
}

static void compile_document_script(struct compile *c)
{
    const struct node *script = node_child(c->root->first, TAG_SCRIPT);
    if (script != NULL) c->out->chart.script = compile_script(c, script);
}

static void passes(struct compile *c)
{
    compile_head(c);
    compile_states(c);
    compile_ids(c);
    compile_transitions(c);
    compile_blocks(c);
    compile_invokes(c);
    compile_data(c);
    compile_document_script(c);
    compile_guan(c);
    compile_initials(c);
    if (!c->options->published && !c->failed && !arena_failed(c->arena)) check_chart(c);
}

int compile_chart(struct arena *arena, struct report *report, const struct chart_read_options *options, const struct tree *tree,
                  const struct node *root, struct chart **out)
{
    *out = NULL;
    struct compile c = {.arena = arena, .report = report, .options = options, .tree = tree, .root = root};
    c.out = arena_alloc(arena, sizeof *c.out);
    bool ready = lists_init(&c) && c.out != NULL;
    if (ready) passes(&c);
    if (ready && !c.failed) lists_keep(&c);
    lists_free(&c);
    if (!ready || c.failed || arena_failed(arena)) return GUAN_FAILED;
    *out = &c.out->chart;
    return report->errors > 0 ? GUAN_NO : GUAN_OK;
}

int chart_read(const char *bytes, size_t length, const struct chart_read_options *options, struct chart **out,
               struct guan_error *error)
{
    *out = NULL;
    struct arena *arena = arena_new();
    if (arena == NULL) return error_memory(error);
    struct report report;
    struct tree tree;
    struct chart *chart = NULL;
    report_init(&report, arena, arena_text(arena, options->file, strlen(options->file)));
    tree_read(&tree, bytes, length, arena, &report);
    int code = GUAN_OK;
    if (!arena_failed(arena) && tree.root != NULL &&
        (options->published || grammar_check(tree.root, UINT64_C(1) << TAG_SCXML, &report))) {
        expand(&tree, arena, &report);
        code = compile_chart(arena, &report, options, &tree, tree.root, &chart);
    }
    code = code == GUAN_FAILED ? error_memory(error) : report_end(&report, options->sink, options->sink_user, error);
    if (code != GUAN_OK) {
        arena_free(arena);
        return code;
    }
    ((struct compiled *)chart)->arena = arena;
    *out = chart;
    return GUAN_OK;
}

void chart_free(struct chart *chart)
{
    if (chart != NULL) arena_free(((struct compiled *)chart)->arena);
}
