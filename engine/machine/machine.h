/* The SCXML interpreter: (chart, snapshot, event, now) → (snapshot', effects). Pure: no clock, no I/O, no randomness, no `g:`.
 *
 * A `session` is one running document. It is started or restored, takes one event at a time to the end of the macrostep, and is
 * saved; to refuse what happened, drop it instead of saving it. A `tree` is the sessions of one case: the root and those it
 * invoked; it routes events between them (#_parent, #_invokeid, done.invoke, autoforward, finalize) in one queue, first in first
 * out. */
#ifndef MACHINE_MACHINE_H
#define MACHINE_MACHINE_H

#include "base/bits.h"
#include "base/clock.h"
#include "chart/chart.h"
#include "script/script.h"

enum event_type { EVENT_PLATFORM, EVENT_INTERNAL, EVENT_EXTERNAL };
struct machine_event {
    const char *name;
    enum event_type type;
    const char *sendid, *origin, *origintype, *invokeid; /* NULL: absent */
    const struct value *data;                            /* NULL: none */
    const struct value *more;                            /* further fields of _event (at, rec, actor, by, role), or NULL */
};

enum effect_kind {
    EFFECT_MICROSTEP, /* transitions taken, exit and entry set */
    EFFECT_LOG,
    EFFECT_RAISE,
    EFFECT_SEND,
    EFFECT_CANCEL,
    EFFECT_INVOKE,   /* a session started */
    EFFECT_UNINVOKE, /* an invoked session cancelled because its state was left */
    EFFECT_ERROR,    /* error.execution or error.communication was raised; why */
    EFFECT_DONE      /* the session reached a top-level final state */
};
struct effect {
    enum effect_kind kind;
    const char *event; /* microstep: the event it answers, NULL when eventless or initial; raise, send, error: the name; invoke:
                          the invokeid */
    const uint32_t *transitions; /* microstep: enabled, in order */
    uint32_t transition_count;
    const uint64_t *exited, *entered; /* microstep: bit sets of BITS_WORDS(state_count) words */
    const char *text;          /* log: label; error: message; invoke, uninvoke, done: session id; cancel: sendid; send: target */
    const struct value *value; /* log: value; raise, send, invoke: data */
};
struct effects {
    const struct effect *items;
    size_t count;
};

struct session;
const char *session_id(const struct session *session);
const struct chart *session_chart(const struct session *session);
struct session *session_parent(const struct session *session); /* NULL: the root */
const char *session_invokeid(const struct session *session);
const uint64_t *session_configuration(const struct session *session);
bool session_done(const struct session *session);      /* ended: final, or cancelled */
bool session_cancelled(const struct session *session); /* ended because its state in the parent was left */
struct env *session_env(struct session *session);
/* The compiled form of one of the chart's expressions; compiled on first use. */
int session_ref(struct session *session, uint32_t expr, script_ref *out, struct guan_error *error);
/* Sets _event, as the interpreter does before it looks for transitions: for expressions that `standard` evaluates. */
int session_bind_event(struct session *session, const struct machine_event *event, struct guan_error *error);
/* Is there an active transition that `event` could take (conditions not asked)? Fills `transition` with the first. */
bool session_accepts(const struct session *session, const char *event, uint32_t *transition);

/* A delayed <send>: an absolute due time. `session` is the sender (cancel is by sender and sendid); `to` takes it: a session's
 * id, or the target as written (#_…) when there was no such session yet. */
struct machine_timer {
    const char *session, *to;
    const char *sendid; /* never NULL: made when the document gave none */
    instant due;
    struct machine_event event;
};

struct tree;
/* What the tree asks of whoever runs it. Every one may be NULL except `chart` where documents invoke. Non-zero results stop the
 * tree: tree_run returns them. */
struct tree_host {
    void *user;
    /* The chart of an invoked document: `src`, or the text of <content>. GUAN_NO: error.communication. Owned by the host. */
    int (*chart)(void *user, const struct session *parent, const char *src, const char *content, const struct chart **out,
                 struct guan_error *error);
    /* The id of a new session of `chart`, unique in the case; `into` has 128 bytes. Default: name#number. */
    int (*name)(void *user, const struct chart *chart, char *into, size_t size, struct guan_error *error);
    /* Read-only surroundings of a session's Lua; the first thing asked when it starts or is restored. NULL: out of memory. */
    const struct script_surroundings *(*surroundings)(void *user, struct session *session);
    /* Asked when a macrostep would end, before invokes: may put names of internal events in `events` (arena strings). Asked again
     * after they were processed, until it has none. `effects`: of this macrostep so far. */
    int (*settled)(void *user, struct session *session, const struct effects *effects, struct arena *arena, const char **events,
                   size_t capacity, size_t *count, struct guan_error *error);
    /* After each macrostep of any session (also the one that starts it), before anything of it leaves the session. Non-zero: a
     * veto. */
    int (*stepped)(void *user, struct session *session, const struct machine_event *event, const struct effects *effects,
                   struct guan_error *error);
    int (*timer)(void *user, const struct machine_timer *timer, struct guan_error *error);
    /* sendid NULL: all of the session, which ended. */
    int (*cancel)(void *user, const char *session, const char *sendid, struct guan_error *error);
};

/* The tree borrows all of it for its life. Values and effects live in `arena`; it may be reset when tree_run has returned. What
 * is worked out of a chart is kept by the script. */
int tree_new(struct script *script, struct arena *arena, const struct tree_host *host, struct tree **out,
             struct guan_error *error);
void tree_free(struct tree *tree);
/* Before a chart is freed that was run with this script (unless the script goes first): drops what is kept of it. */
void machine_forget(struct script *script, const struct chart *chart);
/* Of a macrostep; of a tree_run. Over: GUAN_NO, "endless-loop" / "too-many-events". 0: as it is. */
void tree_limits(struct tree *tree, uint32_t microsteps, uint32_t events);

/* Starts the root. `id` NULL: the host's name. Runs its first macrostep; events it sends are queued. */
int tree_start(struct tree *tree, const struct chart *chart, const char *id, instant now, struct session **out,
               struct guan_error *error);
/* Puts back a saved session; parents before children. `chart` NULL: the one that its parent invoked it from. */
int tree_restore(struct tree *tree, const struct chart *chart, const char *id, const char *parent, const struct value *snapshot,
                 struct session **out, struct guan_error *error);
/* Everything that session_* needs to go on: configuration by state id, history, data, invokes, counters. At the end of a
 * macrostep only. */
int session_save(struct session *session, struct arena *arena, struct value **snapshot, struct guan_error *error);

/* Sessions in order of start. Invoked ones that ended are kept until the next tree_run begins. */
size_t tree_count(const struct tree *tree);
struct session *tree_at(const struct tree *tree, size_t index);
struct session *tree_find(const struct tree *tree, const char *id); /* NULL: none */
bool session_touched(const struct session *session);                /* a macrostep ran since start or restore */

/* Queues an external event; the event is copied. Then tree_run until nothing is left to happen. */
int tree_post(struct tree *tree, struct session *session, const struct machine_event *event, struct guan_error *error);
int tree_run(struct tree *tree, instant now, struct guan_error *error);
/* Queues the event of a timer that is due; to nobody if its sender ended. When the session it is for is not there, the sender
 * gets error.communication. */
int tree_fire(struct tree *tree, const struct machine_timer *timer, struct guan_error *error);

#endif
