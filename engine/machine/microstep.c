/* The one place where a configuration changes: microsteps, and the macrostep around them. */
#include "machine/interpreter.h"

#include "base/error.h"

#define LOOP_WINDOW 32u /* so many microsteps before the limit are looked at to name an endless loop */

/* --- leaving ---------------------------------------------------------------------------------------------------------- */

static bool to_be_remembered(const struct session *session, uint32_t history, uint32_t s)
{
    const struct chart_state *state = &session->chart->states[s];
    if (session->chart->states[history].kind == CHART_HISTORY_DEEP) return is_leaf(state);
    return state->parent == session->chart->states[history].parent;
}

static int remember(struct session *session, uint32_t history, struct guan_error *error)
{
    uint32_t parent = session->chart->states[history].parent, end = session->chart->states[parent].last + 1, count = 0;
    for (uint32_t s = parent; (s = bits_next(session->configuration, s + 1, end)) != BITS_NONE;)
        count += to_be_remembered(session, history, s);
    struct remembered **slot = &session->history[program_history(session->program, history)];
    if (*slot == NULL || (*slot)->count < count) {
        struct remembered *grown = memory_resize(*slot, sizeof *grown + count * sizeof(uint32_t));
        if (grown == NULL) return error_memory(error);
        *slot = grown;
    }
    (*slot)->count = 0;
    for (uint32_t s = parent; (s = bits_next(session->configuration, s + 1, end)) != BITS_NONE;)
        if (to_be_remembered(session, history, s)) (*slot)->states[(*slot)->count++] = s;
    return GUAN_OK;
}

static int remember_below(struct session *session, uint32_t domain, struct guan_error *error)
{
    const struct chart *chart = session->chart;
    const struct program *program = session->program;
    uint32_t end = chart->states[domain].last + 1;
    for (uint32_t s = domain; (s = bits_next_both(session->configuration, program->remembering, s + 1, end)) != BITS_NONE;) {
        const struct chart_span *histories = &chart->states[s].histories;
        for (uint32_t i = 0; i < histories->count; i++) {
            int code = remember(session, chart->children[histories->first + i], error);
            if (code != GUAN_OK) return code;
        }
    }
    return GUAN_OK;
}

/* Leaves what is active below `domain`, innermost and last first. States without content cost nothing. */
static int exit_below(struct session *session, uint32_t domain, struct guan_error *error)
{
    uint32_t from = domain + 1, end = session->chart->states[domain].last + 1, upto = end;
    if (session->pending != NULL) bits_drop(session->pending, from, end);
    for (uint32_t s = end; (s = bits_previous_both(session->configuration, session->program->exit_work, from, s)) != BITS_NONE;) {
        bits_drop(session->configuration, s + 1, upto);
        upto = s + 1;
        int code = content_span(session, &session->chart->states[s].onexit, error);
        if (code == GUAN_OK) code = uninvoke_state(session, s, error);
        if (code != GUAN_OK) return code;
    }
    bits_drop(session->configuration, from, upto);
    return GUAN_OK;
}

/* --- entering ----------------------------------------------------------------------------------------------------------- */

/* Is the child of a parallel in a final state? The first active state below a compound one is its active child. */
static bool in_final(const struct session *session, uint32_t s)
{
    const struct chart *chart = session->chart;
    if (chart->states[s].kind == CHART_COMPOUND) {
        uint32_t child = bits_next(session->configuration, s + 1, chart->states[s].last + 1);
        return child != BITS_NONE && chart->states[child].kind == CHART_FINAL;
    }
    if (chart->states[s].kind != CHART_PARALLEL) return false;
    const struct chart_span *children = &chart->states[s].children;
    for (uint32_t i = 0; i < children->count; i++) {
        uint32_t child = chart->children[children->first + i];
        if (!is_history(&chart->states[child]) && !in_final(session, child)) return false;
    }
    return true;
}

static int raise_done(struct session *session, uint32_t s, const struct value *data, struct guan_error *error)
{
    struct machine_event event = {.type = EVENT_PLATFORM, .data = data};
    event.name = arena_printf(session->tree->arena, "done.state.%s", session->chart->states[s].id);
    if (event.name == NULL) return error_memory(error);
    return raise_event(session, &event, error);
}

static int enter_final(struct session *session, uint32_t s, struct guan_error *error)
{
    const struct chart *chart = session->chart;
    uint32_t parent = chart->states[s].parent;
    if (parent == 0) {
        session->running = false;
        return GUAN_OK;
    }
    struct value *data = NULL;
    if (chart->states[s].donedata != CHART_NONE) {
        int code = payload_make(session, &chart->donedata[chart->states[s].donedata], &data, error);
        if (code > GUAN_OK) return code;
    }
    int code = raise_done(session, parent, data, error);
    uint32_t above = chart->states[parent].parent;
    if (code == GUAN_OK && above != CHART_NONE && chart->states[above].kind == CHART_PARALLEL && in_final(session, above))
        code = raise_done(session, above, NULL, error);
    return code;
}

static int enter_data(struct session *session, uint32_t s, struct guan_error *error)
{
    const struct chart_span *data = &session->chart->states[s].data;
    if (session->entered == NULL || data->count == 0 || bits_has(session->entered, s)) return GUAN_OK;
    bits_add(session->entered, s);
    for (uint32_t i = 0; i < data->count; i++) {
        int code = session_data_init(session, &session->chart->data[data->first + i], error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

static int enter_state(struct session *session, uint32_t s, struct guan_error *error)
{
    const struct chart *chart = session->chart;
    const struct chart_state *state = &chart->states[s];
    struct program *program = session->program;
    if (state->invokes.count > 0) bits_add(session->pending, s);
    int code = enter_data(session, s, error);
    if (code == GUAN_OK) code = content_span(session, &state->onentry, error);
    if (code == GUAN_OK && bits_has(program->defaults, s) && chart->transitions[state->initial].content != CHART_NONE)
        code = content_run(session, chart->transitions[state->initial].content, error);
    for (uint32_t i = 0; code == GUAN_OK && i < program->history_default_count; i++) {
        const struct chart_transition *taken = &chart->transitions[program->history_defaults[i].transition];
        if (program->history_defaults[i].parent == s && taken->content != CHART_NONE)
            code = content_run(session, taken->content, error);
    }
    if (code == GUAN_OK && state->kind == CHART_FINAL) code = enter_final(session, s, error);
    return code;
}

static int enter_below(struct session *session, uint32_t domain, struct guan_error *error)
{
    const struct program *program = session->program;
    uint32_t from = domain + 1, end = session->chart->states[domain].last + 1;
    for (uint32_t s = domain; (s = bits_next_both(program->enter, program->entry_work, s + 1, end)) != BITS_NONE;) {
        bits_join(session->configuration, program->enter, from, s + 1);
        from = s + 1;
        int code = enter_state(session, s, error);
        if (code != GUAN_OK) return code;
    }
    bits_join(session->configuration, program->enter, from, end);
    return GUAN_OK;
}

/* --- a microstep -------------------------------------------------------------------------------------------------------- */

static void tell_microstep(struct session *session, const char *event)
{
    struct tree *tree = session->tree;
    const struct program *program = session->program;
    if (!tree->wants_effects) return;
    size_t words = program->words, count = program->chosen_count;
    uint64_t *bits = arena_alloc(tree->arena, 2 * words * sizeof *bits + count * sizeof(uint32_t));
    if (bits == NULL) return;
    uint64_t *exited = bits, *entered = bits + words;
    uint32_t *transitions = (uint32_t *)(void *)(bits + 2 * words);
    for (size_t i = 0; i < count; i++) {
        uint32_t domain = program->chosen[i].domain;
        transitions[i] = program->chosen[i].transition;
        if (domain == CHART_NONE) continue;
        uint32_t end = session->chart->states[domain].last + 1;
        bits_join(exited, session->configuration, domain + 1, end);
        bits_join(entered, program->enter, domain + 1, end);
    }
    struct effect effect = {.kind = EFFECT_MICROSTEP,
                            .event = event,
                            .transitions = transitions,
                            .transition_count = program->chosen_count,
                            .exited = exited,
                            .entered = entered};
    effect_add(tree, &effect);
}

/* Exits, contents, entries of the chosen transitions. Histories are recorded first, since the entry set may ask for them; nothing
 * that runs in between can change either set. */
static int carry_out(struct session *session, bool initial, struct guan_error *error)
{
    struct program *program = session->program;
    int code = GUAN_OK;
    for (uint32_t i = program->chosen_count; i-- > 0 && code == GUAN_OK;)
        if (program->chosen[i].domain != CHART_NONE && !initial) code = exit_below(session, program->chosen[i].domain, error);
    for (uint32_t i = 0; i < program->chosen_count && code == GUAN_OK; i++) {
        uint32_t content = session->chart->transitions[program->chosen[i].transition].content;
        if (content != CHART_NONE) code = content_run(session, content, error);
    }
    for (uint32_t i = 0; i < program->chosen_count && code == GUAN_OK; i++)
        if (program->chosen[i].domain != CHART_NONE) code = enter_below(session, program->chosen[i].domain, error);
    return code;
}

static int take_chosen(struct session *session, const char *event, bool initial, struct guan_error *error)
{
    struct program *program = session->program;
    int code = GUAN_OK;
    for (uint32_t i = 0; i < program->chosen_count && code == GUAN_OK; i++)
        if (program->chosen[i].domain != CHART_NONE) code = remember_below(session, program->chosen[i].domain, error);
    if (code == GUAN_OK) {
        entry_compute(session);
        tell_microstep(session, event);
        code = carry_out(session, initial, error);
    }
    entry_clear(program);
    return code;
}

int microstep(struct session *session, const char *event, struct guan_error *error)
{
    return take_chosen(session, event, false, error);
}

/* --- a macrostep -------------------------------------------------------------------------------------------------------- */

/* Why the last error was raised; NULL: none was, or nobody listens. */
static const char *last_error(const struct tree *tree)
{
    for (size_t i = tree->effect_count; i-- > 0;)
        if (tree->effects[i].kind == EFFECT_ERROR) return tree->effects[i].text;
    return NULL;
}

static int endless(struct session *session, struct guan_error *error)
{
    struct tree *tree = session->tree;
    const struct chart *chart = session->chart;
    struct buffer names = {0};
    uint32_t named = 0;
    for (uint32_t s = 0; tree->loop != NULL && named <= 8 && (s = bits_next(tree->loop, s + 1, chart->state_count)) != BITS_NONE;)
        if (named++ == 8) buffer_text(&names, " …");
        else buffer_printf(&names, "%s%s", names.length > 0 ? " -> " : "", chart->states[s].id);
    if (names.data == NULL && session->event != NULL) buffer_printf(&names, "the event %s", session->event->name);
    int code =
        error_set(error, GUAN_NO, "endless-loop", "%s does not come to rest: after %u microsteps it still goes round in %s",
                  session->id, (unsigned)tree->microstep_limit, names.data != NULL ? names.data : "a loop");
    buffer_release(&names);
    const char *why = last_error(tree);
    if (why != NULL) error_hint(error, "the last error was: %s", why);
    else error_hint(error, "give one of these transitions an event, or a cond that becomes false");
    return code;
}

/* Counts a round of the macrostep: a microstep, or an event that enabled none (a cond that fails raises an error each time it is
 * asked). Near the limit the sources are collected, so that the error can name the cycle. */
static int watch_loop(struct session *session, struct guan_error *error)
{
    struct tree *tree = session->tree;
    const struct program *program = session->program;
    if (++tree->microsteps > tree->microstep_limit) return endless(session, error);
    if (tree->microsteps + LOOP_WINDOW < tree->microstep_limit) return GUAN_OK;
    if (tree->loop == NULL) {
        tree->loop = memory_alloc(program->words * sizeof(uint64_t));
        if (tree->loop == NULL) return error_memory(error);
    }
    for (uint32_t i = 0; i < program->chosen_count; i++)
        bits_add(tree->loop, session->chart->transitions[program->chosen[i].transition].source);
    return GUAN_OK;
}

/* Eventless transitions and internal events, until there are none or a final state is reached. */
static int settle_down(struct session *session, struct guan_error *error)
{
    struct tree *tree = session->tree;
    while (session->running) {
        const char *event = NULL;
        int code = select_transitions(session, NULL, error);
        if (code == GUAN_OK && session->program->chosen_count == 0) {
            struct message message;
            if (!queue_pop(&tree->internal, &message)) return GUAN_OK;
            tree->current = message.event;
            session->event = &tree->current;
            session->event_bound = false;
            event = tree->current.name;
            code = select_transitions(session, event, error);
        }
        if (code == GUAN_OK) code = watch_loop(session, error);
        if (code == GUAN_OK && session->program->chosen_count > 0) code = microstep(session, event, error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

/* What the host raises where the macrostep would end. */
static int ask_settled(struct session *session, struct guan_error *error)
{
    struct tree *tree = session->tree;
    if (tree->host.settled == NULL) return GUAN_OK;
    const char *names[32];
    size_t count = 0;
    struct effects effects = {tree->effects, tree->effect_count};
    int code =
        tree->host.settled(tree->host.user, session, &effects, tree->arena, names, sizeof names / sizeof names[0], &count, error);
    for (size_t i = 0; code == GUAN_OK && i < count; i++) {
        struct machine_event event = {.name = names[i], .type = EVENT_INTERNAL};
        code = raise_event(session, &event, error);
    }
    if (code == GUAN_OK && count > 0 && ++tree->microsteps > tree->microstep_limit) code = endless(session, error);
    return code;
}

/* From the first microstep to where nothing is left: then invokes, the end if a final state was reached, and the host's word. */
static int macrostep(struct session *session, const struct machine_event *event, struct guan_error *error)
{
    struct tree *tree = session->tree;
    int code = GUAN_OK;
    while (code == GUAN_OK) {
        code = settle_down(session, error);
        if (code != GUAN_OK || !session->running) break;
        code = ask_settled(session, error);
        if (code != GUAN_OK || tree->internal.count > 0) continue;
        code = invoke_pending(session, error);
        if (tree->internal.count == 0) break;
    }
    if (code == GUAN_OK && !session->running) code = session_end(session, false, error);
    /* Handlers that run when it is cancelled one day still see the last event. */
    if (code == GUAN_OK && session->running && session->parent != NULL && session->event != NULL && !session->event_bound &&
        session->program->mentions_any_event)
        code = session_bind_event(session, session->event, error);
    tree->internal.count = 0;
    session->event = NULL;
    if (code == GUAN_OK && arena_failed(tree->arena)) code = error_memory(error);
    session->touched = true;
    if (code == GUAN_OK && tree->host.stepped != NULL) {
        struct effects effects = {tree->effects, tree->effect_count};
        code = tree->host.stepped(tree->host.user, session, event, &effects, error);
    }
    return code;
}

static void open_macrostep(struct session *session, const struct machine_event *event)
{
    struct tree *tree = session->tree;
    tree->effects = NULL;
    tree->effect_count = tree->effect_capacity = 0;
    tree->microsteps = 0;
    memory_free(tree->loop);
    tree->loop = NULL;
    session->event = event;
    session->event_bound = false;
}

int session_begin(struct session *session, struct guan_error *error)
{
    open_macrostep(session, NULL);
    session->started = session->running = true;
    int code = session_prepare(session, error);
    if (code == GUAN_OK) code = session_data_declare(session, error);
    if (code == GUAN_OK && session->chart->script != CHART_NONE && session->chart->lua) {
        script_ref ref;
        code = program_ref(session->program, session->chart->script, &ref, error);
        if (code == GUAN_OK) code = env_run_document(session->env, ref, error);
        if (code != GUAN_OK) code = blame(session, &session->chart->exprs[session->chart->script].place, error);
        if (code == BLOCK_ENDED) code = GUAN_OK;
    }
    session->program->chosen[0] = (struct chosen){session->chart->states[0].initial, 0};
    session->program->chosen_count = 1;
    if (code == GUAN_OK) code = take_chosen(session, NULL, true, error);
    session->given = NULL;
    return code == GUAN_OK ? macrostep(session, NULL, error) : code;
}

int session_event(struct session *session, const struct machine_event *event, struct guan_error *error)
{
    open_macrostep(session, event);
    int code = invoke_deliver(session, event, error);
    if (code == GUAN_OK) code = select_transitions(session, event->name, error);
    if (code == GUAN_OK && session->program->chosen_count > 0) {
        session->tree->microsteps = 1;
        code = microstep(session, event->name, error);
    }
    return code == GUAN_OK ? macrostep(session, event, error) : code;
}

int session_end(struct session *session, bool cancelled, struct guan_error *error)
{
    const struct chart *chart = session->chart;
    uint32_t final = cancelled ? BITS_NONE : bits_next(session->configuration, 1, chart->state_count);
    session->running = false;
    session->cancelled = cancelled;
    int code = exit_below(session, 0, error);
    if (code == GUAN_OK) code = uninvoke_all(session, error);
    if (code == GUAN_OK && !cancelled) code = invoke_return(session, final, error);
    /* Delayed events die with the session. */
    struct outgoing none = {.timer = {.session = session->id}};
    if (code == GUAN_OK) code = tree_send_out(session->tree, &none, error);
    session->done = true;
    if (!cancelled && final != BITS_NONE) bits_add(session->configuration, final);
    if (!cancelled) {
        struct effect effect = {.kind = EFFECT_DONE, .text = session->id};
        effect_add(session->tree, &effect);
    }
    return code;
}
