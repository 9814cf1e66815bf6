/* What is worked out once for a chart and shared by all its sessions: which states need work, where transitions hang, which
 * events concern what, and the scratch of a microstep. */
#include "machine/interpreter.h"

#include "base/text.h"

#define POOL_BYTES 16384u /* and for each state and transition: */
#define POOL_SHARE 16u
#define ROUTE_NAME 256u /* longer event names are not kept */

/* --- conditions without Lua -------------------------------------------------------------------------------------- */

static bool skip(const char **at, const char *end, const char *word)
{
    const char *p = *at;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')) p++;
    size_t length = strlen(word);
    if ((size_t)(end - p) < length || memcmp(p, word, length) != 0) return false;
    *at = p + length;
    return true;
}

static bool at_end(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) at++;
    return at == end;
}

/* The id in `('id')`, with either quote; false if there is something else. */
static bool quoted(const struct chart *chart, const char **at, const char *end, uint32_t *state)
{
    if (!skip(at, end, "(")) return false;
    char quote = skip(at, end, "'") ? '\'' : '"';
    if (quote == '"' && !skip(at, end, "\"")) return false;
    const char *from = *at;
    while (*at < end && **at != quote && **at != '\\' && **at != '\n') (*at)++;
    char id[256];
    size_t length = (size_t)(*at - from);
    if (*at == end || **at != quote || length >= sizeof id) return false;
    memcpy(id, from, length);
    id[length] = '\0';
    (*at)++;
    *state = chart_state_by_id(chart, id);
    return skip(at, end, ")");
}

static struct guard guard_of(const struct chart *chart, const struct chart_expr *expr)
{
    struct guard guard = {GUARD_SCRIPT, CHART_NONE};
    if (expr->kind != CHART_EXPRESSION || expr->source == NULL) return guard;
    const char *at = expr->source, *end = expr->source + expr->length;
    const char *word = at;
    if (skip(&word, end, "true") && at_end(word, end)) {
        guard.kind = GUARD_TRUE;
    } else if (word = at, skip(&word, end, "false") && at_end(word, end)) {
        guard.kind = GUARD_FALSE;
    } else {
        word = at;
        bool negated = skip(&word, end, "not ");
        if (skip(&word, end, "In") && quoted(chart, &word, end, &guard.state) && at_end(word, end))
            guard.kind = negated ? GUARD_NOT_IN : GUARD_IN;
    }
    return guard;
}

/* --- names that an expression may read ------------------------------------------------------------------------------- */

static bool mentions(const struct chart_expr *expr, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= expr->length; i++)
        if (expr->source[i] == word[0] && memcmp(expr->source + i, word, length) == 0) return true;
    return false;
}

/* A function of a <script> may be called from any expression, and _ENV and _G reach every name. */
static void find_mentions(struct program *program)
{
    const struct chart *chart = program->chart;
    bool everywhere = false;
    for (uint32_t i = 0; i < chart->expr_count; i++) {
        const struct chart_expr *expr = &chart->exprs[i];
        bool any = mentions(expr, "_ENV") || mentions(expr, "_G");
        program->mentions_event[i] = any || mentions(expr, "_event");
        if (expr->kind == CHART_SCRIPT && program->mentions_event[i]) everywhere = true;
        program->mentions_any_event = program->mentions_any_event || program->mentions_event[i];
        program->mentions_name = program->mentions_name || any || mentions(expr, "_name");
        program->mentions_sessionid = program->mentions_sessionid || any || mentions(expr, "_sessionid");
        program->mentions_ioprocessors = program->mentions_ioprocessors || any || mentions(expr, "_ioprocessors");
    }
    for (uint32_t i = 0; everywhere && i < chart->expr_count; i++) program->mentions_event[i] = true;
}

/* --- per state -------------------------------------------------------------------------------------------------------- */

static void find_work(struct program *program, uint32_t s)
{
    const struct chart *chart = program->chart;
    const struct chart_state *state = &chart->states[s];
    bool late = !chart->early && state->data.count > 0;
    bool initial_content =
        state->kind == CHART_COMPOUND && state->initial != CHART_NONE && chart->transitions[state->initial].content != CHART_NONE;
    if (state->onentry.count > 0 || state->invokes.count > 0 || state->histories.count > 0 || state->kind == CHART_FINAL ||
        late || initial_content)
        bits_add(program->entry_work, s);
    if (state->onexit.count > 0 || state->invokes.count > 0) bits_add(program->exit_work, s);
    if (state->histories.count > 0) bits_add(program->remembering, s);
    if (is_history(state)) program->histories[program->history_count++] = s;

    bool eventless = false, event = false;
    for (uint32_t i = 0; i < state->transitions.count; i++) {
        if (chart->transitions[state->transitions.first + i].events.count == 0) eventless = true;
        else event = true;
    }
    program->up_eventless[s] = eventless ? s : s == 0 ? CHART_NONE : program->up_eventless[state->parent];
    program->up_event[s] = event ? s : s == 0 ? CHART_NONE : program->up_event[state->parent];
    if (is_leaf(state) && program->up_eventless[s] != CHART_NONE) bits_add(program->eventless_reach, s);
}

/* --- making it ---------------------------------------------------------------------------------------------------------- */

/* Hands out the block's parts; without a block, only adds up. */
static void *carve(char *block, size_t *used, size_t bytes)
{
    size_t at = *used;
    *used += (bytes + 15u) & ~(size_t)15u;
    return block == NULL ? NULL : block + at;
}

static size_t lay_out(struct program *program, const struct chart *chart, char *block)
{
    size_t used = 0, states = chart->state_count, exprs = chart->expr_count, transitions = chart->transition_count;
    size_t set = BITS_WORDS(chart->state_count) * sizeof(uint64_t), numbers = states * sizeof(uint32_t);
    carve(block, &used, sizeof *program);
    uint64_t **sets[] = {&program->entry_work, &program->exit_work, &program->remembering, &program->eventless_reach,
                         &program->enter,      &program->defaults,  &program->asked,       &program->taken};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) *sets[i] = carve(block, &used, set);
    program->up_eventless = carve(block, &used, numbers);
    program->up_event = carve(block, &used, numbers);
    program->histories = carve(block, &used, numbers);
    program->touched = carve(block, &used, numbers);
    program->chosen = carve(block, &used, states * sizeof *program->chosen);
    program->history_defaults = carve(block, &used, states * sizeof *program->history_defaults);
    program->guards = carve(block, &used, exprs * sizeof *program->guards);
    program->mentions_event = carve(block, &used, exprs * sizeof *program->mentions_event);
    program->plans = carve(block, &used, transitions * sizeof(struct entry_plan *));
    program->planless = carve(block, &used, transitions * sizeof *program->planless);
    program->pool_size = POOL_BYTES + POOL_SHARE * (states + transitions);
    program->pool = carve(block, &used, program->pool_size);
    return used;
}

/* The program stands in memory that the script keeps under the address of the chart's states; the compiled pieces under the
 * chart's own, so that the script knows which of its numbers are pieces. */
static struct program *block_of(struct script *script, const struct chart *chart, size_t bytes)
{
    script_ref *block = script_chart_refs(script, chart->states, (uint32_t)((bytes + 16u) / sizeof *block));
    if (block == NULL) return NULL;
    return (struct program *)(void *)((char *)block + (16u - (uintptr_t)block % 16u) % 16u);
}

int program_of(struct script *script, const struct chart *chart, struct program **out, struct guan_error *error)
{
    struct program draft = {.chart = chart, .script = script, .words = BITS_WORDS(chart->state_count), .shortcuts = true};
    struct program *program = *out = block_of(script, chart, lay_out(&draft, chart, NULL));
    if (program == NULL) return error_memory(error);
    if (program->chart != NULL) return GUAN_OK;
    lay_out(&draft, chart, (char *)program);
    draft.refs = script_chart_refs(script, chart, chart->expr_count);
    if (draft.refs == NULL) return error_memory(error);
    *program = draft;
    for (uint32_t s = 0; s < chart->state_count; s++) find_work(program, s);
    for (uint32_t i = 0; i < chart->expr_count; i++) program->guards[i] = guard_of(chart, &chart->exprs[i]);
    find_mentions(program);
    return GUAN_OK;
}

void machine_forget(struct script *script, const struct chart *chart)
{
    struct program draft;
    size_t bytes = lay_out(&draft, chart, NULL);
    struct program *program = block_of(script, chart, bytes);
    if (program != NULL) memset(program, 0, bytes); /* no number in it may be taken for a piece */
    script_forget(script, chart->states);
    script_forget(script, chart);
}

void *program_keep(struct program *program, size_t bytes)
{
    bytes = (bytes + 15u) & ~(size_t)15u;
    if (bytes > program->pool_size - program->pool_used) return NULL;
    void *kept = program->pool + program->pool_used;
    program->pool_used += bytes;
    return kept;
}

int program_ref(struct program *program, uint32_t expr, script_ref *out, struct guan_error *error)
{
    if (program->refs[expr] == SCRIPT_NO_REF) {
        static const enum script_kind kinds[] = {
            [CHART_EXPRESSION] = SCRIPT_EXPRESSION,
            [CHART_LOCATION] = SCRIPT_LOCATION,
            [CHART_SCRIPT] = SCRIPT_STATEMENTS,
            [CHART_CHECK] = SCRIPT_CHECK,
        };
        const struct chart_expr *source = &program->chart->exprs[expr];
        int code = script_compile(program->script, kinds[source->kind], source->source, source->length, program->chart->file,
                                  source->place.line, &program->refs[expr], error);
        if (code != GUAN_OK) return code;
    }
    *out = program->refs[expr];
    return GUAN_OK;
}

/* --- events ------------------------------------------------------------------------------------------------------------- */

static bool described(const struct chart *chart, uint32_t transition, const char *event, size_t length)
{
    const struct chart_span *events = &chart->transitions[transition].events;
    for (uint32_t i = 0; i < events->count; i++)
        if (chart_descriptor_matches(&chart->descriptors[events->first + i], event, length)) return true;
    return false;
}

/* Which transitions match, and the atomic states that have or inherit one. Both stay NULL when there is none. */
static bool route_fill(struct program *program, struct route *route)
{
    const struct chart *chart = program->chart;
    uint64_t *reach = NULL, *match = NULL;
    for (uint32_t s = 0; s < chart->state_count; s++) {
        const struct chart_state *state = &chart->states[s];
        for (uint32_t i = state->transitions.first; i < state->transitions.first + state->transitions.count; i++) {
            if (!described(chart, i, route->name, route->length)) continue;
            if (match == NULL) {
                reach = program_keep(program, program->words * sizeof *reach);
                match = program_keep(program, BITS_WORDS(chart->transition_count) * sizeof *match);
                if (reach == NULL || match == NULL) return false;
            }
            bits_add(match, i);
            bits_add(reach, s);
        }
        if (reach != NULL && s > 0 && bits_has(reach, state->parent)) bits_add(reach, s);
    }
    for (uint32_t s = 0; reach != NULL && s < chart->state_count; s++)
        if (!is_leaf(&chart->states[s])) bits_remove(reach, s);
    route->reach = reach;
    route->match = match;
    return true;
}

const struct route *program_route(struct program *program, const char *event)
{
    uint32_t hash = 2166136261u;
    size_t length = 0;
    for (; event[length] != '\0'; length++) hash = (hash ^ (unsigned char)event[length]) * 16777619u;
    struct route **bucket = &program->routes[(hash ^ (hash >> 15)) % ROUTE_BUCKETS];
    for (struct route *route = *bucket; route != NULL; route = route->next)
        if (route->hash == hash && route->length == length && memcmp(route->name, event, length) == 0) return route;
    if (length > ROUTE_NAME) return NULL;
    struct route *route = program_keep(program, sizeof *route + length + 1);
    if (route == NULL) return NULL;
    memcpy(route->name, event, length);
    route->hash = hash;
    route->length = (uint32_t)length;
    if (!route_fill(program, route)) return NULL;
    route->next = *bucket;
    *bucket = route;
    return route;
}

bool program_matches(const struct program *program, const struct route *route, uint32_t transition, const char *event)
{
    if (event == NULL) return program->chart->transitions[transition].events.count == 0;
    if (route != NULL) return route->match != NULL && bits_has(route->match, transition);
    return described(program->chart, transition, event, strlen(event));
}

uint32_t program_history(const struct program *program, uint32_t state)
{
    uint32_t low = 0, high = program->history_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (program->histories[middle] < state) low = middle + 1;
        else high = middle;
    }
    return low;
}
