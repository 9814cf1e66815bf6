/* Steps: the work that a state requires or offers. */
#include "chart/compile.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

static const char *value_of(const struct node *node, const char *name)
{
    const struct attribute *attribute = plain(node, name);
    return attribute == NULL ? NULL : attribute->value;
}

/* --- the id ------------------------------------------------------------------------------------------------------------ */

/* Letters, digits, underscores. A step of a top-level state may have dots, so that PROCESS.NAME finds it where there is no such
 * process. */
static void check_step_id(struct compile *c, const struct attribute *id, uint32_t state)
{
    if (id == NULL || is_word(id->value)) return;
    const char *dot = strchr(id->value, '.');
    if (dot == NULL || !is_event_name(id->value, id->length) || strchr(id->value, '-') != NULL) {
        problem(c->report, id->place, "bad-name", "letters, digits and underscores", "\"%s\" cannot be the id of a step",
                id->value);
        return;
    }
    if (state_at(c, state)->parent != 0)
        problem(c->report, id->place, "bad-name", "write an underscore",
                "a step with a dot, \"%s\", stands in a top-level state only", id->value);
    size_t length;
    const char *file = arena_printf(c->arena, "%.*s.scxml", (int)(dot - id->value), id->value);
    if (file == NULL || c->options->source == NULL) return;
    if (c->options->source(c->options->source_user, c->options->file, file, &length) != NULL)
        problem(c->report, id->place, "bad-name", "choose another first word", "\"%s\" reads like a step of the process %.*s",
                id->value, (int)(dot - id->value), id->value);
}

/* --- attributes -------------------------------------------------------------------------------------------------------- */

static const char *message_of(struct compile *c, const struct node *node)
{
    return message_classes[word_of(c, plain(node, "message"), message_classes, 6, "unknown-message")];
}

static struct chart_names evidence_of(struct compile *c, const struct attribute *attribute)
{
    struct chart_names names = names_of(c, attribute == NULL ? NULL : attribute->value);
    for (uint32_t i = 0; i < names.count; i++) {
        const char *item = names.items[i];
        size_t length = item == NULL ? 0 : strlen(item);
        if (length > 0 && item[length - 1] == '!') length--;
        const char *kind = item == NULL ? NULL : arena_text(c->arena, item, length);
        if (kind != NULL && !is_word(kind))
            problem(c->report, attribute->place, "bad-name",
                    "letters, digits and underscores; \"!\" at the end: it must be there", "\"%s\" cannot be a kind of evidence",
                    item);
    }
    return names;
}

static void check_law(struct compile *c, const struct node *node, const struct chart_step *step)
{
    const struct attribute *waive = plain(node, "waive-by"), *tunable = plain(node, "tunable");
    if (step->klass != CHART_CLASS_LAW) return;
    if (waive != NULL)
        problem(c->report, waive->place, "waive-law", "delete waive-by, or move the law to a field's clause",
                "the step \"%s\" is law: nobody can waive it", step->id);
    if (tunable != NULL && step->tunable)
        problem(c->report, tunable->place, "tunable-law", "delete tunable", "the step \"%s\" is law: it is not tunable",
                step->id);
}

static struct chart_step step_of(struct compile *c, const struct node *node, uint32_t state)
{
    const struct attribute *id = plain(node, "id"), *offer = plain(node, "offer"), *role = plain(node, "role");
    static const char *const offers[] = {"any", NULL};
    bool any = offer != NULL && word_of(c, offer, offers, 1, "unknown-offer") == 0;
    if (any && (plain(node, "required") != NULL || plain(node, "repeat") != NULL))
        problem(c->report, offer->place, "attribute-conflict", "keep one of them",
                "offer=\"any\" stands for required=\"no\" repeat=\"yes\"");
    struct chart_step step = {.id = id == NULL ? "" : id->value, .state = state, .place = node->place, .per = CHART_NONE};
    check_step_id(c, id, state);
    step.title = value_of(node, "title");
    step.clauses = clauses_of(c, plain(node, "clause"));
    step.roles = role != NULL ? roles_of(c, role) : state_at(c, state)->roles;
    step.with = roles_of(c, plain(node, "with"));
    step.waive_by = roles_of(c, plain(node, "waive-by"));
    step.evidence = evidence_of(c, plain(node, "evidence"));
    step.required = yes_no(c, plain(node, "required"), true) && !any;
    step.repeat = yes_no(c, plain(node, "repeat"), false) || any;
    step.tunable = yes_no(c, plain(node, "tunable"), false);
    step.duty = yes_no(c, plain(node, "duty"), false);
    step.when = expr_of(c, node, "when", CHART_EXPRESSION);
    step.done_when = expr_of(c, node, "done-when", CHART_EXPRESSION);
    step.message = message_of(c, node);
    step.mode = mode_of(c, node);
    step.klass = class_of(c, node, step.clauses, CHART_CLASS_STANDARD);
    check_law(c, node, &step);
    if (step.duty && step.tunable)
        problem(c->report, plain(node, "tunable")->place, "attribute-conflict", "delete one of them",
                "\"%s\" is a duty towards the customer: no hook can relax it", step.id);
    return step;
}

static void add_step(struct compile *c, const struct node *node, uint32_t state)
{
    uint32_t index = c->steps.count;
    struct chart_step step = step_of(c, node, state);
    *(struct chart_step *)list_add(c, &c->steps) = step;
    *(const struct node **)list_add(c, &c->step_nodes) = node;
    struct chart_span fields = compile_fields(c, node, step.klass, step.tunable),
                      deadlines = compile_deadlines(c, node, state, index);
    if (c->failed) return;
    step_at(c, index)->fields = fields;
    step_at(c, index)->deadlines = deadlines;
}

void compile_steps(struct compile *c, uint32_t state)
{
    const struct node *node = node_at(&c->state_nodes, state);
    uint32_t first = c->steps.count;
    for (const struct node *child = node->first; (child = node_child(child, TAG_STEP)) != NULL; child = child->next)
        add_step(c, child, state);
    state_at(c, state)->steps = (struct chart_span){first, c->steps.count - first};
}

/* --- references to other steps, once all are known --------------------------------------------------------------------- */

static void sort_steps(struct compile *c)
{
    uint32_t count = c->steps.count;
    struct id_entry *ids = arena_alloc(c->arena, count * sizeof *ids);
    if (ids == NULL) return;
    for (uint32_t i = 0; i < count; i++) ids[i] = (struct id_entry){step_at(c, i)->id, i};
    sort_ids(ids, count);
    uint32_t first = 0;
    for (uint32_t i = 1; i < count; i++) {
        if (strcmp(ids[i].id, ids[first].id) != 0) {
            first = i;
        } else if (ids[i].id[0] != '\0') {
            const struct attribute *id = plain(node_at(&c->step_nodes, ids[i].index), "id");
            problem(c->report, id->place, "duplicate-step", "give one of them another id: events and forms go by it",
                    "the step \"%s\" stands in line %u already", ids[i].id, step_at(c, ids[first].index)->place.line);
        }
    }
    c->out->step_ids = c->step_ids = ids;
}

uint32_t find_step(const struct compile *c, const char *id)
{
    return c->step_ids == NULL ? CHART_NONE : find_id(c->step_ids, c->steps.count, id);
}

void guess_step(const struct compile *c, struct guess *guess)
{
    if (c->report->count < LIMIT_DIAGNOSTICS)
        for (uint32_t i = 0; i < c->steps.count; i++) guess_offer(guess, step_at(c, i)->id);
}

/* How to wait for a step of another flow. */
static const char *other_flow(struct compile *c, const struct attribute *attribute, const char *name)
{
    if (strcmp(attribute->name, "after") != 0) return "only steps of this document can be named here";
    return arena_printf(c->arena, "a step of another flow: write when=\"done('%s')\"", name);
}

static struct chart_span references_of(struct compile *c, const struct attribute *attribute)
{
    struct chart_span span = {c->step_refs.count, 0};
    struct chart_names names = names_of(c, attribute == NULL ? NULL : attribute->value);
    for (uint32_t i = 0; i < names.count; i++) {
        if (names.items[i] == NULL) continue;
        uint32_t step = find_step(c, names.items[i]);
        if (step == CHART_NONE) {
            struct guess guess = {.word = names.items[i]};
            guess_step(c, &guess);
            const char *otherwise = strchr(guess.word, '.') == NULL ? NULL : other_flow(c, attribute, guess.word);
            problem(c->report, attribute->place, "unknown-step", guess_hint(&guess, c->arena, otherwise),
                    "%s names the step \"%s\", which this document does not have", attribute->name, names.items[i]);
            continue;
        }
        *(uint32_t *)list_add(c, &c->step_refs) = step;
        span.count++;
    }
    return span;
}

static void find_per(struct compile *c, const struct node *node, struct chart_step *step)
{
    const struct attribute *per = plain(node, "per");
    if (per == NULL) return;
    struct guess guess = {.word = per->value};
    for (uint32_t i = 0; i < step->fields.count; i++) {
        const char *name = field_at(c, step->fields.first + i)->name;
        if (strcmp(name, per->value) == 0) step->per = step->fields.first + i;
        guess_offer(&guess, name);
    }
    if (step->per == CHART_NONE)
        problem(c->report, per->place, "unknown-field",
                guess_hint(&guess, c->arena, arena_printf(c->arena, "put <g:field name=\"%s\"/> into the step", per->value)),
                "per names the field \"%s\", which this step does not have", per->value);
}

/* Steps that wait for each other are never done. Depth first; `state` is 0 unseen, 1 on the way, 2 finished. */
static void check_cycle(struct compile *c, uint32_t step, unsigned char *state, uint32_t depth)
{
    state[step] = 1;
    struct chart_span after = step_at(c, step)->after;
    for (uint32_t i = 0; i < after.count; i++) {
        uint32_t other = *word_at(&c->step_refs, after.first + i);
        if (state[other] == 1)
            problem(c->report, plain(node_at(&c->step_nodes, step), "after")->place, "after-cycle", "take one of them out",
                    "\"%s\" waits for \"%s\", which waits for it", step_at(c, step)->id, step_at(c, other)->id);
        else if (state[other] == 0 && depth < LIMIT_XML_DEPTH) check_cycle(c, other, state, depth + 1);
    }
    state[step] = 2;
}

void compile_step_references(struct compile *c)
{
    sort_steps(c);
    for (uint32_t i = 0; i < c->steps.count && !c->failed; i++) {
        const struct node *node = node_at(&c->step_nodes, i);
        struct chart_step *step = step_at(c, i);
        step->after = references_of(c, plain(node, "after"));
        step->reopens = references_of(c, plain(node, "reopens"));
        step->not_by_steps = references_of(c, plain(node, "not-by"));
        step->not_by = names_of(c, value_of(node, "not-by"));
        find_per(c, node, step);
    }
    unsigned char *state = arena_alloc(c->arena, c->steps.count);
    for (uint32_t i = 0; i < c->steps.count && !c->failed && state != NULL; i++)
        if (state[i] == 0) check_cycle(c, i, state, 0);
}
