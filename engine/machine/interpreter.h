/* Private to this folder: what the interpreter's parts share.
 *
 *            tree_post / timers              raise, error.*, done.state
 *                  |                                   |
 *                  v                                   v
 *   external queue (one a tree, FIFO)        internal queue (one macrostep's)
 *                  |                                   |
 *   deliver: finalize, autoforward                     |
 *                  +---------> select_transitions <----+--- eventless first
 *                                     |
 *                                 microstep: histories -> exits -> contents -> entries
 *                                     |
 *                 nothing left: settled? -> invokes -> ended? -> stepped -> outbox
 *
 * Invariants: bit 0 (the <scxml> element) is never in a configuration; a history state never is; the exit set of a transition is
 * the configuration between domain+1 and domain.last, so exit sets of transitions that do not conflict are disjoint intervals. */
#ifndef MACHINE_INTERPRETER_H
#define MACHINE_INTERPRETER_H

#include "base/limits.h"
#include "machine/machine.h"

#define SCXML_PROCESSOR "http://www.w3.org/TR/scxml/#SCXMLEventProcessor"
#define HTTP_PROCESSOR  "http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor"

/* --- program.c: what is worked out once a chart ------------------------------------------------------------------ */

/* Conditions that need no call into Lua, and all there are in the null data model. */
enum guard_kind { GUARD_SCRIPT, GUARD_TRUE, GUARD_FALSE, GUARD_IN, GUARD_NOT_IN };
struct guard {
    enum guard_kind kind;
    uint32_t state; /* CHART_NONE: no such state */
};

/* The part of a chart that one event name concerns. */
struct route {
    struct route *next; /* same bucket */
    uint64_t *reach;    /* atomic states from which a matching transition can be reached; NULL: none at all */
    uint64_t *match;    /* matching transitions */
    uint32_t hash;
    uint32_t length;
    char name[];
};

/* The entry set of a transition without histories and initial content, as words of its domain's interval. */
struct entry_plan {
    uint32_t first, count;
    uint64_t words[];
};

struct chosen {
    uint32_t transition, domain; /* domain CHART_NONE: nothing is left or entered */
};
struct history_default {
    uint32_t parent, transition;
};

#define ROUTE_BUCKETS 64u
#define HISTORY_CHAIN 100u /* default histories that lead to histories */

/* One block of memory that the script keeps for the chart, beside the compiled pieces: all sessions of all trees share it. */
struct program {
    const struct chart *chart;
    struct script *script;
    uint32_t words;
    /* per state */
    uint64_t *entry_work, *exit_work;  /* states where entering or leaving takes more than a bit */
    uint64_t *remembering;             /* states with history children */
    uint64_t *eventless_reach;         /* atomic states that have an eventless transition or inherit one */
    uint32_t *up_eventless, *up_event; /* the nearest ancestor or self with such transitions */
    uint32_t *histories;               /* history states, ascending */
    uint32_t history_count;
    /* per expression */
    script_ref *refs;
    struct guard *guards;
    bool *mentions_event;
    bool mentions_any_event, mentions_name, mentions_ioprocessors, mentions_sessionid;
    /* kept as they are first worked out, until the pool is full */
    struct entry_plan **plans; /* per transition */
    bool *planless;            /* not to be kept */
    struct route *routes[ROUTE_BUCKETS];
    char *pool;
    size_t pool_used, pool_size;
    /* scratch of one microstep; no two run at once in one script */
    uint64_t *enter, *defaults, *asked, *taken;
    uint32_t *touched; /* states marked in `asked` or `taken` */
    uint32_t touched_count;
    struct chosen *chosen;
    uint32_t chosen_count;
    struct history_default *history_defaults; /* histories entered for the first time */
    uint32_t history_default_count;
    uint32_t domain; /* of the transition whose entry set is being made */
    bool varies;     /* the entry set just made depends on a history, or has initial content */
    bool shortcuts;  /* guards without Lua */
};

/* The script's program for the chart; made when it is first asked for. */
int program_of(struct script *script, const struct chart *chart, struct program **out, struct guan_error *error);
/* From the pool, zeroed; NULL when it is full. */
void *program_keep(struct program *program, size_t bytes);
/* The compiled form of an expression. GUAN_NO: it does not compile. */
int program_ref(struct program *program, uint32_t expr, script_ref *out, struct guan_error *error);
/* NULL when the pool is full: match by hand. */
const struct route *program_route(struct program *program, const char *event);
/* Is this one taken by the event? `route` may be NULL; `event` NULL asks for eventless ones. */
bool program_matches(const struct program *program, const struct route *route, uint32_t transition, const char *event);
/* The number of a history state among the chart's. */
uint32_t program_history(const struct program *program, uint32_t state);

/* --- sessions and trees ------------------------------------------------------------------------------------------- */

struct remembered {
    uint32_t count;
    uint32_t states[];
};

struct invocation {
    uint32_t invoke;       /* chart->invokes */
    char *id;              /* invokeid */
    char *session;         /* its id: the session may have ended and be gone */
    struct session *child; /* NULL: gone */
    char *src, *content;   /* what it was started from, for a restore; NULL: the chart's own inline document */
};

struct session {
    struct tree *tree;
    struct program *program;
    const struct chart *chart;
    char *origin, *id; /* "#_scxml_ID"; the id is its end */
    char *invokeid;
    struct session *parent;
    const struct script_surroundings *surroundings; /* the host's; NULL: none */
    struct env *env;                                /* NULL until needed in the null data model */
    uint64_t *configuration;
    uint64_t *pending; /* states entered whose invokes are to be executed; NULL: the chart has none */
    uint64_t *entered; /* late binding: states entered before; NULL: not needed */
    struct remembered **history;
    struct invocation *invocations;
    uint32_t invocation_count, invocation_capacity;
    uint32_t next_send, next_invoke;
    const struct machine_event *event; /* the event being processed */
    const char *sendid;                /* of the <send> being executed: its errors bear it */
    const struct value *given;         /* values for top-level data, until the session starts */
    bool event_bound, started, running, done, cancelled, touched;
};

/* An event under way to a session. */
struct message {
    struct session *to;
    struct machine_event event;
};
struct queue {
    struct message *items;
    uint32_t first, count, capacity;
};

/* What leaves the tree only after `stepped` agreed. */
struct outgoing {
    bool is_timer;
    struct machine_timer timer; /* for a cancel: session and sendid */
};

struct tree {
    struct script *script;
    struct arena *arena;
    struct tree_host host;
    struct session **sessions;
    uint32_t session_count, session_capacity;
    uint32_t unstarted; /* invoked, waiting for the invoking macrostep to end */
    struct queue external, internal;
    struct effect *effects; /* in the arena */
    size_t effect_count, effect_capacity;
    bool wants_effects;
    struct outgoing *outbox; /* in the arena */
    size_t outbox_count, outbox_capacity;
    struct machine_event current; /* what session->event points to */
    instant now;
    uint32_t microstep_limit, event_limit;
    uint32_t microsteps; /* of this macrostep */
    uint64_t *loop;      /* states entered by the last microsteps before the limit; made then */
    uint32_t named;      /* sessions named so far */
};

/* What executable content answers besides GUAN_OK and the codes that stop the tree: an error was raised, its block is over. */
#define BLOCK_ENDED (-1)

/* tree.c */
int queue_push(struct queue *queue, struct session *to, const struct machine_event *event, struct guan_error *error);
bool queue_pop(struct queue *queue, struct message *out);
int tree_add(struct tree *tree, const struct chart *chart, const char *id, struct session *parent, const char *invokeid,
             struct session **out, struct guan_error *error);
int tree_send_out(struct tree *tree, const struct outgoing *outgoing, struct guan_error *error);

/* session.c */
int session_new(struct tree *tree, struct program *program, const char *id, struct session *parent, const char *invokeid,
                struct session **out, struct guan_error *error);
void session_free(struct session *session);
/* Surroundings, system variables and In() of a new environment. */
int session_prepare(struct session *session, struct guan_error *error);
/* Declares all data nil, then gives it what early or late binding gives before the first state is entered. */
int session_data_declare(struct session *session, struct guan_error *error);
int session_data_init(struct session *session, const struct chart_data *data, struct guan_error *error);
char *text_copy(const char *text); /* NULL for NULL, or when memory ran out */

/* effect.c: quiet when nobody listens */
void effect_add(struct tree *tree, const struct effect *effect);

/* select.c: fills program->chosen with the optimal transition set; `event` NULL: eventless ones. */
int select_transitions(struct session *session, const char *event, struct guan_error *error);
uint32_t transition_domain(const struct session *session, uint32_t transition);

/* entry.c: fills program->enter, ->defaults, ->history_defaults for the chosen transitions; releases them again. */
void entry_compute(struct session *session);
void entry_clear(struct program *program);

/* microstep.c */
int microstep(struct session *session, const char *event, struct guan_error *error);
/* The initial entry; then to the end of the macrostep. */
int session_begin(struct session *session, struct guan_error *error);
int session_event(struct session *session, const struct machine_event *event, struct guan_error *error);
/* Leaves everything: onexit, invokes cancelled. For a final state reached, or cancelled by the parent. */
int session_end(struct session *session, bool cancelled, struct guan_error *error);

/* content.c: GUAN_OK (also when an error ended the block), or a code that stops the tree. `block` indexes chart->blocks. */
int content_run(struct session *session, uint32_t block, struct guan_error *error);
int content_span(struct session *session, const struct chart_span *blocks, struct guan_error *error);

/* evaluate.c: each returns GUAN_OK, BLOCK_ENDED after raising error.execution, or a code that stops the tree. *out NULL: nil. */
int evaluate(struct session *session, uint32_t expr, struct value **out, struct guan_error *error);
/* The value of an attribute with an `…expr` variant: `fixed`, or the expression as text; NULL when there is neither. */
int evaluate_text(struct session *session, const char *fixed, uint32_t expr, const char **out, struct guan_error *error);
/* A condition that fails is false (and error.execution): GUAN_OK. */
int evaluate_guard(struct session *session, uint32_t expr, bool *out, struct guan_error *error);
/* What stands at a location; a name that is not declared is an error. */
int evaluate_location(struct session *session, uint32_t expr, struct value **out, struct guan_error *error);
int evaluate_inline(struct session *session, const struct chart_text *text, struct value **out, struct guan_error *error);
int assign(struct session *session, uint32_t location, const struct value *value, struct guan_error *error);
int assign_expr(struct session *session, uint32_t location, uint32_t expr, struct guan_error *error);
/* The compiled piece, with _event set if the piece can see it. GUAN_NO: blame it. */
int evaluate_ready(struct session *session, uint32_t expr, script_ref *ref, struct guan_error *error);

/* errors.c */
/* For a call into script that failed: raises error.execution if that is the document's fault, else hands the code on. */
int blame(struct session *session, const struct chart_place *place, struct guan_error *error);
/* Queues an error event and tells the host why; BLOCK_ENDED, or a code that stops the tree. */
int raise_error(struct session *session, const char *name, const struct chart_place *place, struct guan_error *error,
                const char *format, ...) GUAN_PRINTF(5, 6);
int raise_event(struct session *session, const struct machine_event *event, struct guan_error *error);

/* payload.c: what <send>, <invoke> and <donedata> carry; *out NULL: nothing. A bad param or content is an error of its own, a bad
 * namelist (send, invoke) ends the element: BLOCK_ENDED. */
int payload_make(struct session *session, const struct chart_payload *payload, struct value **out, struct guan_error *error);
int payload_pairs(struct session *session, const struct chart_payload *payload, struct value **out, struct guan_error *error);

/* send.c */
int send_run(struct session *session, const struct chart_exec *exec, struct guan_error *error);
int cancel_run(struct session *session, const struct chart_exec *exec, struct guan_error *error);
bool session_of_target(struct session *session, const char *target, struct session **out);

/* invoke.c */
int invoke_pending(struct session *session, struct guan_error *error);
int uninvoke_state(struct session *session, uint32_t state, struct guan_error *error);
int uninvoke_all(struct session *session, struct guan_error *error);
/* done.invoke.ID for the parent of a session that reached the top-level final state `final`. */
int invoke_return(struct session *session, uint32_t final, struct guan_error *error);
/* finalize and autoforward for an external event. */
int invoke_deliver(struct session *session, const struct machine_event *event, struct guan_error *error);
struct invocation *invocation_add(struct session *session, uint32_t invoke, const char *id, const char *child_id,
                                  struct session *child);
void invocation_release(struct invocation *invocation);
/* The document of an invoke: inline, or the host's. GUAN_NO: there is none. */
int invoke_chart(struct session *session, uint32_t invoke, const char *src, const char *content, const struct chart **out,
                 struct guan_error *error);

/* --- bits ---------------------------------------------------------------------------------------------------------- */

static inline uint64_t bits_window(uint32_t word, uint32_t from, uint32_t end) /* the bits of [from, end) in that word */
{
    uint64_t mask = ~UINT64_C(0);
    if (word == from >> 6) mask &= ~UINT64_C(0) << (from & 63u);
    if (word == (end - 1) >> 6) mask &= ~UINT64_C(0) >> (63u - ((end - 1) & 63u));
    return mask;
}
/* The first, the last common member of [from, end). */
static inline uint32_t bits_next_both(const uint64_t *a, const uint64_t *b, uint32_t from, uint32_t end)
{
    if (from >= end) return BITS_NONE;
    for (uint32_t w = from >> 6; w <= (end - 1) >> 6; w++) {
        uint64_t word = a[w] & b[w];
        if (word == 0) continue;
        word &= bits_window(w, from, end);
        if (word != 0) return (w << 6) + (uint32_t)__builtin_ctzll(word);
    }
    return BITS_NONE;
}
static inline uint32_t bits_previous_both(const uint64_t *a, const uint64_t *b, uint32_t from, uint32_t end)
{
    if (from >= end) return BITS_NONE;
    for (uint32_t w = ((end - 1) >> 6) + 1; w-- > from >> 6;) {
        uint64_t word = a[w] & b[w];
        if (word == 0) continue;
        word &= bits_window(w, from, end);
        if (word != 0) return (w << 6) + 63u - (uint32_t)__builtin_clzll(word);
    }
    return BITS_NONE;
}
static inline void bits_drop(uint64_t *set, uint32_t from, uint32_t end)
{
    if (from >= end) return;
    for (uint32_t w = from >> 6; w <= (end - 1) >> 6; w++) set[w] &= ~bits_window(w, from, end);
}
static inline void bits_join(uint64_t *set, const uint64_t *add, uint32_t from, uint32_t end)
{
    if (from >= end) return;
    for (uint32_t w = from >> 6; w <= (end - 1) >> 6; w++) set[w] |= add[w] & bits_window(w, from, end);
}

static inline bool below(const struct chart *chart, uint32_t state, uint32_t ancestor) /* a proper descendant */
{
    return state > ancestor && state <= chart->states[ancestor].last;
}
static inline bool is_history(const struct chart_state *state)
{
    return state->kind == CHART_HISTORY_SHALLOW || state->kind == CHART_HISTORY_DEEP;
}
static inline bool is_leaf(const struct chart_state *state) /* what the Recommendation calls atomic */
{
    return state->kind == CHART_ATOMIC || state->kind == CHART_FINAL;
}

#endif
