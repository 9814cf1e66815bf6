/* The service standard: steps, fields, roles, gates, deadlines. (chart, facts, effects) → verdicts and due times. Pure: what it
 * needs of the case stands in struct world; what it learns stands in struct facts, saved with the session's row.
 *
 * One command goes through here like this (case/ drives it; the arrows are the functions below):
 *
 *   input ──standard_step──▶ record or refusal ──event S──▶ machine ──standard_stepped──▶ gates: veto or findings
 *                                                              ▲              │
 *                                                              └─ complete.X ─┴─standard_settled──▶ deadlines armed, met,
 * cancelled
 */
#ifndef STANDARD_STANDARD_H
#define STANDARD_STANDARD_H

#include "chart/bundle.h"
#include "machine/machine.h"

/* --- what the case says ----------------------------------------------------------------------------------------------- */

struct actor {
    const char *id, *name; /* "staff:12", "party:1", "system" */
    struct chart_names roles;
    bool claimed; /* only said by --as: law steps and four eyes refuse it unless world.accept_claimed */
};

/* What was seen of a deadline or a rule, for coverage. */
enum witnessed { SEEN_MET, SEEN_MISSED, SEEN_JUDGED, SEEN_BROKEN };

struct standard; /* one session's: its chart, its facts, its Lua */
struct world;
/* The moment or the actor of the world changed, or facts did: every session's Lua looks again. */
void standard_moment(struct world *world);

/* What all sessions of the case share during one command. Filled by case/, borrowed. */
struct world {
    struct arena *arena;               /* everything below and every result lives here */
    const struct house *house;         /* zone, parameters, people */
    const struct catalogue *catalogue; /* of the definition: titles and classes of clauses */
    struct hooks *hooks;               /* the dealer's, or NULL */
    const char *kase;                  /* case id */
    instant at, rec;                   /* of the command (or of the timer that fires: due, rec) */
    instant told;                      /* what was told before the command happened by then */
    const struct actor *actor;         /* who acts; system for timers */
    const struct value *signers;       /* roles of all who sign, a list: _event.signers; NULL: nobody does */
    const char *by;                    /* who typed, or NULL */
    bool accept_claimed;
    uint32_t findings;          /* findings so far in the case: the next id is F<findings+1>; standard counts on */
    bool duty;                  /* the command is a duty towards the customer: standard_step sets it */
    struct standard **sessions; /* of the case, ended ones too, in order of start */
    size_t session_count;
    /* Personal values: the token that the machine sees, and the id of the party (party:N) that a text names, or NULL. */
    int (*token)(void *user, const struct value *value, const char **token, struct guan_error *error);
    const char *(*party)(void *user, const char *text);
    /* Fetches what an ended session was and hands it to standard_wake. false: it cannot be read; who drives the command asks. */
    bool (*wake)(void *user, struct standard *standard);
    /* A deadline or a rule of the chart had its say; NULL: nobody looks. */
    void (*witness)(void *user, const struct standard *standard, enum witnessed what, uint32_t index);
    void *user;
};

/* --- what standard answers ---------------------------------------------------------------------------------------------- */

struct finding {
    const char *fid, *code;
    enum chart_severity severity;
    struct chart_names clauses;
    const char *status; /* "open", "remedied" (done late), "waived", "withdrawn", "noted" (info) */
    const char *process, *session, *step, *instance;
    const char *deadline; /* of a deadline, rule or hook: its id; NULL: none (as those before) */
    instant due, at;      /* INSTANT_NONE: none; at: when it was done, if it was */
    const char *text;     /* for people, English; not recorded */
};
struct findings {
    struct finding *items;
    size_t count, capacity;
}; /* in the arena */

/* Why a command was refused. `code` NULL: a usage error (typo, missing field, step not open): nothing is recorded. */
struct refusal {
    const char *code;   /* GUARD_BLOCKED, ROLE_DENIED, or a hook's own code in `reason` */
    const char *reason; /* stable id: "gate", "after", "check", "hook", "role", "law", "not-by", "script-budget" … */
    struct chart_names clauses;
    const char *session, *step; /* of the refusing element */
    const char *text, *hint;    /* for people */
    struct value *missing;      /* list of {"step","title","clause":[…],"session"} or {"field","title","type","of":[…]} */
};

struct personal {
    const char *path; /* "form.driver", in the record's order */
    const struct value *value;
    const struct value *seen; /* what the machine saw instead: a token, a list of tokens, party:N; NULL: it saw nothing of it */
};
struct evidence {
    const char *kind;
    struct hash hash;
    uint64_t size;
};

struct record {
    uint32_t step;
    const char *instance;  /* value of the `per` field as the machine sees it; NULL: none */
    struct value *form;    /* as the machine sees it: tokens and party ids for personal values */
    struct value *plain;   /* what the entry's `form` holds: the plain fields; NULL: none */
    struct value *derived; /* the entry's `facts`: verdicts of checks, kinds of contact …; NULL: none */
    struct personal *personal;
    size_t personal_count;
    bool complete;    /* done-when held */
    bool late_entry;  /* the state was left: `at` lies in a past activation */
    const char *role; /* the role acted in */
};

/* A record as its entry holds it, in place of what was typed: for a command that is performed again, when the personal values
 * may be gone. What was derived from them is taken as it stands. */
struct given {
    const struct value *form;        /* as the machine saw it */
    const struct value *plain;       /* the entry's `form` */
    const struct value *facts;       /* the entry's, or NULL */
    const struct personal *personal; /* path and seen */
    size_t personal_count;
};

/* One step as typed. actors[0] did it, the others co-signed. */
struct act {
    const char *step;
    const struct actor *actors;
    size_t actor_count;
    const char *role; /* wanted, or NULL */
    const struct guan_pair *fields;
    size_t field_count;
    const struct evidence *evidence;
    size_t evidence_count;
    const struct given *given; /* NULL: `fields` count */
};

/* --- a session's standard -------------------------------------------------------------------------------------------------- */

/* `saved` is what standard_save gave, or NULL for a new session. `session` may be NULL for one that has ended. `id` and `process`
 * name it in findings. */
int standard_new(struct world *world, const struct chart *chart, struct session *session, const char *id, const char *process,
                 const struct value *saved, struct standard **out, struct guan_error *error);
/* A session that has ended: neither its chart nor its facts are read before something asks for them (world.wake). `hears` is what
 * standard_hears gave when it ended. */
int standard_asleep(struct world *world, const char *id, const char *process, const struct value *hears, struct standard **out,
                    struct guan_error *error);
int standard_wake(struct standard *standard, const struct chart *chart, const struct value *saved, struct guan_error *error);
bool standard_sleeps(const struct standard *standard);
/* The names by which others may mean something of this session, besides P.S: what its rules look at, its names with dots. NULL:
 * it has neither rules nor such names. */
struct value *standard_hears(const struct standard *standard, struct arena *arena);
void standard_attach(struct standard *standard, struct session *session); /* the session that started after its standard */
void standard_ended(struct standard *standard);                           /* its session has ended: its Lua is gone */
struct value *standard_save(const struct standard *standard, struct arena *arena);
const char *standard_id(const struct standard *standard);
const char *standard_process(const struct standard *standard);
const struct chart *standard_chart(const struct standard *standard);

/* What Lua sees besides the data (DESIGN §4): steps form forms case param now today entered, date_add …; for
 * tree_host.surroundings. */
const struct script_surroundings *standard_surroundings(struct standard *standard);

/* Judges one record of a step and keeps it in the facts. GUAN_OK: `record` is filled, findings added (ORDER_VIOLATION,
 * FIELD_INVALID, STEP_LATE or a withdrawal of what its deadline said, LATE_ENTRY). GUAN_NO: `refusal` is filled with a code.
 * GUAN_USAGE: `refusal` without one. The session's _event is bound to the step's event while its expressions run. `entry` is the
 * n the acting entry will have. */
int standard_step(struct standard *standard, const struct act *act, uint64_t entry, struct record *record,
                  struct findings *findings, struct refusal *refusal, struct guan_error *error);

/* What can be told of a record before it is there; nothing is kept. */
struct trial {
    uint32_t step;
    const struct chart_field *field;
    bool asked;                  /* by its `when` */
    const struct value *initial; /* its default, as the machine sees it; NULL: none */
    const char *rule;            /* which limit the value breaks (yes min max pattern check); NULL: none */
    /* Missing or beyond a limit it is recorded all the same, with this finding; NULL: it is not. */
    const char *leaves;
    enum chart_severity severity;
};
/* For who types a record field by field, judged by what judges the whole. `field` NULL: is the step open and asked for, is it
 * this actor's, is it its turn? Else: is this field asked for in view of what `act` has so far, what is its default, and, if
 * `act` has it, does its value hold? Returns as standard_step does. */
int standard_try(struct standard *standard, const struct act *act, const char *field, struct trial *trial,
                 struct refusal *refusal, struct guan_error *error);

/* The fields of `act` as the machine will see them, for the event that starts the session of its step: tokens for what is
 * personal, no defaults. GUAN_USAGE as standard_step says it: one that is unknown, or not of its type. */
int standard_view(struct world *world, const struct chart *chart, const char *process, const struct act *act,
                  const struct value **form, struct refusal *refusal, struct guan_error *error);

/* Leaves a step out. Findings: OVERRIDE_USED, taking over an older finding of timeliness of the step. */
int standard_waive(struct standard *standard, const struct act *act, uint64_t entry, uint32_t *step, struct findings *findings,
                   struct refusal *refusal, struct guan_error *error);

/* May the actor send this event to the session (g:role of the transitions that take it)? Never done.* error.* complete.*
 * deadline.*, a deadline's own event, nor a step's name. *role: wanted or NULL; then the one acted in, or NULL. */
int standard_may_send(struct standard *standard, const char *event, const struct actor *actor, const char **role,
                      struct refusal *refusal, struct guan_error *error);

/* After a macrostep, with all its effects: the verdict of the gates of every state left, in the sessions it cancelled too
 * (EFFECT_UNINVOKE). GUAN_NO: a veto, `refusal` says which steps are open. `late` (a late entry): nothing is blocked, what it
 * breaks is a finding. `abandoned`: names of steps left open by g:gate="open" (a list, or NULL). */
int standard_stepped(struct standard *standard, const struct effects *effects, bool late, struct findings *findings,
                     struct value **abandoned, struct refusal *refusal, struct guan_error *error);

/* A deadline's timer as it has to stand in the store. due INSTANT_NONE: remove it. */
struct timer_change {
    const char *name, *instance; /* name: "deadline:<id>", "remind:<id>" (raises deadline.near.<id>), "rule:<id>" (max-gap) */
    instant due;
};
struct timer_changes {
    struct timer_change *items;
    size_t count, capacity;
};

/* Looks at `when`s, prerequisites and anchors again: which steps are open, what is complete, which deadlines stand. Called from
 * tree_host.settled with the effects of the macrostep so far: what they entered and left moves first. `events`: names of internal
 * events to raise now (complete.X, each once an activation). */
int standard_settled(struct standard *standard, const struct effects *effects, struct timer_changes *timers, const char **events,
                     size_t capacity, size_t *count, struct guan_error *error);
/* Deadlines of this session whose anchors or `when` lie in other sessions: looks at them again after those changed. Also hands
 * over the removals that a cancelled or ended session left behind, and says what came up since the findings that were told
 * last. */
int standard_review(struct standard *standard, struct timer_changes *timers, struct findings *findings, struct guan_error *error);
/* Steps whose `when` answers otherwise than where the last macrostep ended, because of what happened in other sessions. The
 * session is sent asked.S for each, so that gates, deadlines and complete.X are looked at in the one place where that is done. */
int standard_turned(struct standard *standard, struct chart_names *steps, struct guan_error *error);

/* A LATE_ENTRY when the world's rec is more than T-LAG after its at; standard_step says it by itself, events and waivers ask
 * here. `step` NULL: none. */
int standard_lag(struct standard *standard, const char *step, struct findings *findings, struct guan_error *error);

/* A deadline's time has come (world.at = due). *event: what to post to the session, or NULL when it had been met or moved. */
int standard_deadline(struct standard *standard, const char *name, const char *instance, instant due, struct findings *findings,
                      const char **event, struct guan_error *error);

/* --- rules (g:rule)
 * -------------------------------------------------------------------------------------------------------------- */

/* Something that happened in the case and was accepted: a step's record, a waiver is none; or an event that was sent. */
struct fact {
    struct standard *owner; /* whose step or event it is */
    const char *name;       /* S or EVENT in its own document */
    const char *message;    /* class of message, or NULL */
    const char *actor;
    const struct value *form; /* as the machine sees it, or NULL */
    instant at;
    uint64_t entry; /* n of its acting entry */
    bool late;      /* a late entry: nothing is blocked */
};
/* All rules that are armed anywhere in the case judge the fact, as of its `at`, and keep it (SEMANTICS 13, 19, 22). Called after
 * standard_step (or standard_may_send) and before the event runs. GUAN_NO: a rule with mode block, or the hook on_message,
 * refused. Changes of facts and timers ("rule:<id>" of max-gap) show at each session's next settled or review; `touched` is
 * called for each session whose facts changed. */
int standard_judge(struct world *world, const struct fact *fact, void (*touched)(void *user, struct standard *standard),
                   void *user, struct findings *findings, struct refusal *refusal, struct guan_error *error);

/* --- corrections
 * --------------------------------------------------------------------------------------------------------------------- */

/* Corrects the record that entry `of` made: `act->fields` are the fields that change (and `at`=TIME, when it happened). Judged by
 * type, check and the hook validate as the record was; roles and order are not asked again, the actor's role must be one of the
 * step's. Anchors and findings of timeliness are looked at again at the next review. `record` holds the corrected form whole, and
 * as `plain`/`personal` only what changed. GUAN_USAGE when no record that is kept came from that entry. */
int standard_amend(struct standard *standard, const struct act *act, uint64_t of, uint64_t entry, struct record *record,
                   struct findings *findings, struct refusal *refusal, struct guan_error *error);

/* --- looking (for todo, show, refusals): JSON values in the world's arena ------------------------------------------------------
 */

/* List of
 * {"step","title","clause","role":[…],"required","done","when_done","missing":[fields],"due","due_in","after":[…],"event":bool,
 * "waive_by"} for the steps and the events offered now; required ones first. */
struct value *standard_todo(struct standard *standard);
/* List of active states with titles, outermost first: {"id","title"}. */
struct value *standard_where(const struct standard *standard);
/* List of {"id","title","step","due","missed"} of armed deadlines. */
struct value *standard_deadlines(const struct standard *standard);
/* Adds to the list the roles whose turn it is: those of the required steps that are open, each once. Runs no Lua. */
void standard_turn(const struct standard *standard, struct value *roles);
bool standard_offers_step(const struct standard *standard, const char *step); /* its state is active, or was at world.at */

#endif
