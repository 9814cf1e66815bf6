/* What a session's standard remembers between commands, and the standard itself. Private to this folder.
 *
 *   state   activations ─┬─ entered … left      a state's steps are those of its latest activation
 *   step    instances ───┼─ by key: "" or the value of its `per` field; each knows the activation it was last done in
 *           timely ──────┼─ the findings of timeliness that stand, one a step instance and activation
 *   deadline terms ──────┼─ by key: armed (a timer stands) → met | missed
 *   rule    moments ─────┴─ what it watches, sorted by `at`: its window and 30 days more
 *
 * All of it lives in the world's arena and survives only by standard_save. */
#ifndef STANDARD_FACTS_H
#define STANDARD_FACTS_H

#include "standard/standard.h"

#define FACTS_MOST_RUNS 64u /* past activations of one state; older ones are forgotten */
#define FACTS_MOST_PAST 8u  /* older records of one instance */
#define FACTS_LOOK_BACK (30 * MS_DAY)

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct run {
    instant entered, left;
}; /* left INSTANT_NONE: active */
struct state_facts {
    uint32_t number;  /* of the latest activation; 0: never entered */
    bool completed;   /* complete.X was raised in this activation */
    struct run *runs; /* the latest last */
    size_t run_count, run_capacity;
};

/* An older record of an instance: what rules that look back see. */
struct past {
    instant at;
    uint64_t entry;
    const char *by;
    const struct value *form;
};
/* The records of one instance of a step: how many, and the last. */
struct instance {
    const char *key;
    uint32_t activation, count;
    bool done, waived;
    instant since; /* when it was first completed in this activation; INSTANT_NONE: not yet */
    instant at, rec;
    const char *by, *role;
    uint64_t entry;
    const struct value *form; /* as the machine sees it; NULL: none */
    struct past *past;        /* at most FACTS_MOST_PAST, of the 30 days before the last */
    size_t past_count, past_capacity;
};
struct timely {
    const char *fid, *code, *instance;
    uint32_t deadline, activation; /* deadline CHART_NONE: a gate's finding */
    enum chart_severity severity;
    instant due, at;
};
/* A record that completed the step, where its deadlines have windows or recur. */
struct completion {
    instant at;
    uint64_t entry;
    const char *key; /* instance */
};
struct step_facts {
    enum answer asked, duty; /* offered, required: as of the last settle; unknown: not looked at since the state was entered */
    instant first, last;     /* earliest and latest `at` */
    struct completion *completions; /* of the latest activation, by `at` */
    size_t completion_count, completion_capacity;
    struct instance *items;
    size_t count, capacity;
    struct timely *timely;
    size_t timely_count, timely_capacity;
};

enum term_status { TERM_ARMED, TERM_MET, TERM_MISSED, TERM_WAIVED };
struct term {
    const char *key; /* instance of the step; of one that recurs the day of the occurrence, or the n of its anchor's entry */
    enum term_status status;
    instant due, opens; /* opens INSTANT_NONE: no window */
    instant anchor;     /* INSTANT_NONE: not counted from one */
};
struct deadline_facts {
    struct term *items;
    size_t count, capacity;
};
struct event_facts {
    const char *name;
    instant first, last;
};

/* Something that a rule watches, as it was told (struct fact), and what was found about it. */
struct moment {
    instant at;
    uint64_t entry;
    const char *session, *process, *name, *message, *actor;
    const char *key; /* limit: by */
    int64_t amount;  /* limit: sum, in thousandths */
    unsigned roles;  /* MOMENT_OF … */
    bool late;
    const struct value *form; /* only where `when` or `check` asks for it */
    const char *fid;          /* what was found; NULL: never anything */
    bool stands;              /* it still holds */
    instant due, end;         /* max-gap: what comes next is due by; when it came too late */
};
enum { MOMENT_OF = 1, MOMENT_AMONG = 2, MOMENT_FROM = 4, MOMENT_END = 8 };
struct rule_facts {
    struct moment *items;
    size_t count, capacity;
    const char *armed; /* max-gap: instance of the timer that stands; NULL: none */
    instant due;
};

/* An open step that a macrostep left: what becomes of it is said when the macrostep ends. */
struct gate_open {
    struct standard *standard;
    uint32_t step, activation;
    enum chart_gate gate;
};

/* Whose record an expression looks at: `form.X` of that step is this one. */
struct focus {
    uint32_t step; /* CHART_NONE: none */
    const struct value *form;
    instant entered;        /* INSTANT_NONE: none */
    bool recording;         /* the record is under judgement: it counts already */
    instant as_of;          /* only what happened by then is seen; 0: all */
    const char *occurrence; /* the day that a recurring deadline is about; NULL: none */
};
#define FOCUS_NONE ((struct focus){.step = CHART_NONE, .entered = INSTANT_NONE})

struct standard {
    struct world *world;
    const struct chart *chart; /* NULL: it has ended and sleeps */
    struct session *session;   /* NULL: ended */
    const char *id, *process;
    const struct value *hears;  /* of one that slept: standard_hears */
    struct state_facts *states; /* by index; NULL when the chart has no steps and no deadlines */
    struct step_facts *steps;
    struct deadline_facts *deadlines;
    struct rule_facts *rules;
    struct event_facts *events;
    size_t event_count, event_capacity;
    struct timer_changes changes; /* for the timers, not yet told */
    struct findings pending;      /* come up where none could be told: said by the next function that can */
    size_t told;                  /* how many of them were: they stay, so that none is said twice in a command */
    size_t seen;                  /* effects of the running macrostep that were looked at */
    struct gate_open *gates;
    size_t gate_count, gate_capacity;
    struct focus focus;
    const char *fault; /* Lua's message when an expression failed; NULL: none since it was cleared */
    struct script_surroundings surroundings;
};

/* Room for one more in a list of the arena; false when memory ran out. `list` points to the pointer. */
bool list_room(struct arena *arena, void *list, size_t count, size_t *capacity, size_t size);
#define LIST_ROOM(arena, list, count, capacity) list_room((arena), &(list), (count), &(capacity), sizeof *(list))

static inline void witness(const struct standard *standard, enum witnessed what, uint32_t index)
{
    const struct world *world = standard->world;
    if (world->witness) world->witness(world->user, standard, what, index);
}

/* Its chart and facts, read now if it slept. false: they cannot be read. */
bool facts_awake(struct standard *standard);

bool state_matters(const struct chart_state *state); /* it has steps, deadlines or rules of its own */
bool facts_active(const struct standard *standard, uint32_t state);
const struct run *facts_run(const struct standard *standard, uint32_t state); /* the latest; NULL: never entered */
/* The activation of a state that `at` lies in, 0 for none. *past: it is over. *run is set when there is one. */
uint32_t facts_activation(const struct standard *standard, uint32_t state, instant at, bool *past, const struct run **run);
int facts_enter(struct standard *standard, uint32_t state, struct guan_error *error);
void facts_leave(struct standard *standard, uint32_t state);

struct instance *facts_instance(const struct standard *standard, uint32_t step, const char *key); /* NULL: none */
struct instance *facts_instance_make(struct standard *standard, uint32_t step, const char *key);  /* NULL: out of memory */
const struct instance *facts_latest(const struct standard *standard, uint32_t step); /* the record with the last `at` */
/* The same of those at or before `by` (0: all), older ones included; at INSTANT_NONE: none. */
struct past facts_record(const struct standard *standard, uint32_t step, instant by);
void facts_past(struct standard *standard, struct instance *item, struct past past); /* keeps an older record */
bool step_keeps(const struct chart *chart, uint32_t step); /* its completions are kept: a deadline has a window or recurs */
bool deadline_recurs(const struct chart_deadline *deadline);
int facts_completed(struct standard *standard, uint32_t step, struct completion completion, struct guan_error *error);
/* Done or left out in its state's latest activation, as far as one key (NULL: any, and none of them unfinished) goes, at or
 * before `by`. */
bool facts_satisfied(const struct standard *standard, uint32_t step, const char *key, instant by);
uint32_t facts_count(const struct standard *standard, uint32_t step); /* records in the latest activation */

struct term *facts_term(struct standard *standard, uint32_t deadline, const char *key); /* NULL: none */
void facts_term_remove(struct standard *standard, uint32_t deadline, const char *key);
/* Notes a change for the timers: "KIND:ID". */
void facts_timer(struct standard *standard, const char *kind, const char *id, const char *key, instant due);
void facts_disarm(struct standard *standard, uint32_t deadline, const char *key); /* its timer, and the reminder's */
void facts_occurred(struct standard *standard, const char *event, instant at);

#endif
