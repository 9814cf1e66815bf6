/* Private to this layer: the handle behind guan.h, and one case while a command runs on it.
 *
 * A command's life (command.c):
 *
 *   begin ─▶ load ─▶ due timers, each by itself ─▶ the command ─▶ timers that it made due ─▶ save ─▶ commit
 *                                                       │
 *                                     veto or refusal: drop ─▶ load again ─▶ write `refuse` ─▶ save ─▶ commit
 *
 * Nothing is undone by hand: what is refused was only in memory. */
#ifndef CASE_KASE_H
#define CASE_KASE_H

#include "base/limits.h"
#include "base/text.h"
#include "ledger/ledger.h"
#include "standard/standard.h"

/* Raised whenever any entry would come out different for the same input (DESIGN §5). */
#define RECORD_SEM 3

/* A definition together with one dealer's house: what a case runs on. */
struct setting {
    struct setting *next;
    struct hash def, house_hash;
    struct bundle *bundle;
    const struct house *house;
    const struct catalogue *catalogue; /* NULL: of the house only the zone and the people are read */
    struct hooks *hooks;               /* NULL: none */
    bool whole;                        /* every file was looked at, and is as it was published (replay.c) */
};

struct witness;
struct replay;
struct guan {
    struct store *store;
    struct script *script;
    struct arena *arena; /* of one call; reset at its start */
    struct setting *settings;
    int (*random)(void *user, void *out, size_t length); /* salts, secrets, ids; a story gives a seeded one */
    void *random_user;
    struct replay *replay;   /* a case that is performed again stands in for clock and chance (replay.h); else NULL */
    struct witness *witness; /* of a story whose coverage is wanted, else NULL */
};

/* One session of the case. */
struct member {
    struct standard *standard;
    struct session *session;   /* NULL: ended */
    const struct chart *chart; /* NULL: ended, and nothing has asked about it (kase_wake) */
    const char *id, *parent, *process;
    uint32_t order;
    bool ended, touched;
    const struct session_row *row; /* as it stands in the store, or NULL: what did not change is not written again */
};

/* A file given with a step, kept by its hash. */
struct attachment {
    struct evidence evidence;
    const char *path;
};

/* A timer as it stands in the store, with what this command does to it. */
struct kase_timer {
    struct timer_row row;
    bool stored, removed, changed;
};

struct kase {
    struct guan *guan;
    struct arena *arena;
    struct setting *setting;
    struct case_row row;
    struct hash secret;
    bool erased;
    /* {"parties":[{"id","role"}],"owner","findings":N,"seq":{process:N},"where":"…","stand":{fid:code},"hears":{session:[name]}}
     */
    struct value *state;
    struct name_row *names;
    size_t name_count;
    struct tree *tree;
    struct tree_host host;
    struct world world;
    struct member **members; /* pointers: standards and sessions keep them */
    size_t member_count, member_capacity;
    struct kase_timer *timers;
    size_t timer_count, timer_capacity;
    struct ledger_head ledger;
    struct actor system;
    const char *auth; /* of the running command's actor: os:UID, claimed */

    /* of the running command */
    instant rec, at;
    const char *cause;
    bool late;                  /* a late entry: gates do not block */
    uint64_t acting;            /* n of the acting entry */
    struct value *acting_entry; /* not yet written */
    struct value **followers;
    size_t follower_count, follower_capacity;
    struct findings findings;
    struct refusal refusal;
    struct value *fired;             /* list, for the answer */
    const struct personal *personal; /* of the acting entry; disclosed when it is written */
    size_t personal_count;
    const struct attachment *attachments;
    size_t attachment_count;
    struct guan_error fault; /* what an ended session was could not be read: nothing is written, nothing answered */
};

struct target;

/* --- command.c --- */
int command_check(const struct guan_command *command, struct guan_error *error); /* sizes and UTF-8 of what was typed */
/* A command on a case that is loaded and knows its cause and times: what is due, the command, its entries or its refusal, what it
 * made due. GUAN_NO: refused, and written. `answer` NULL: not asked for. */
int command_carry_out(struct kase *kase, const struct guan_command *command, struct value **answer, struct guan_error *error);
int command_perform(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error);
int command_complete(struct kase *kase, struct value *did, struct value **answer, struct guan_error *error);
extern const char *const command_tried[]; /* by verb: what a refusal's `tried` says */

/* --- field.c --- */
/* A field, and those of a step with its attachments, as JSON describes them. */
struct value *field_shown(struct kase *kase, const struct chart *chart, const struct chart_field *field);
struct value *fields_shown(struct kase *kase, const struct chart *chart, const struct chart_step *step);

/* --- setting.c --- */
int setting_get(struct guan *guan, const struct hash *def, const char *dealer, struct setting **out, struct guan_error *error);
/* Only the zone and the people of the house, for lists: no catalogue, no hooks. */
int setting_brief(struct guan *guan, const struct hash *def, const char *dealer, struct setting **out, struct guan_error *error);
/* As setting_get with the house of that hash, which need not be the newest. */
int setting_at(struct guan *guan, const struct hash *def, const struct hash *house, const char *dealer, struct setting **out,
               struct guan_error *error);
void settings_free(struct guan *guan);
/* The lines `sha256hex  path\n` of a definition (dealer NULL) or of a dealer's house, sorted; their hash names it. */
int setting_manifest(const struct bundle *bundle, const char *dealer, struct buffer *out, struct hash *hash,
                     struct guan_error *error);

/* --- load.c --- */
int kase_load(struct guan *guan, const struct case_row *row, struct kase *out, struct guan_error *error);
/* Drops what is in memory and loads the case as it was saved last; time and cause stay. */
int kase_reload(struct kase *kase, struct guan_error *error);
int kase_save(struct kase *kase, struct guan_error *error); /* rows of touched sessions, timers, the case, the ledger's head */
void kase_drop(struct kase *kase);
struct member *kase_member(struct kase *kase, const char *session); /* awake; NULL: unknown, or it cannot be read */
/* Reads the chart and the facts of a session that has ended, if nothing did before. false: kase->fault says why not. */
bool kase_wake(struct kase *kase, struct member *member);
struct member *kase_member_new(struct kase *kase, const char *id, const char *parent, const struct chart *chart,
                               const char *process, struct session *session, const struct value *saved, struct guan_error *error);
const char *kase_party_id(struct kase *kase, const char *name);
struct member *kase_active(struct kase *kase, const char *process); /* the active session of a process, or NULL */
/* Refreshes what world says of the moment, before standard is asked. */
void kase_moment(struct kase *kase, instant at, instant rec, const struct actor *actor, const char *by);

/* --- host.c --- */
void host_init(struct kase *kase);
int host_timers(struct kase *kase, const char *session, const struct timer_changes *changes, struct guan_error *error);
int host_timer_set(struct kase *kase, const struct timer_row *row, struct guan_error *error);
void host_timer_remove(struct kase *kase, const char *session, const char *name, const char *instance); /* NULL: any */
/* Runs the tree, then lets every other session's standard look at its anchors again. GUAN_NO: vetoed, kase->refusal says why. */
int kase_run(struct kase *kase, struct guan_error *error);

/* --- journal.c --- */
struct value *journal_acting(struct kase *kase, const char *kind, const struct actor *actor, const char *by, const char *role);
void journal_clauses(struct kase *kase, struct value *entry, const struct chart_names *clauses);
void journal_with(struct kase *kase, struct value *entry, const struct actor *actors, size_t count); /* who co-signed */
void journal_refers(struct kase *kase, struct value *entry, uint64_t n);
void journal_follow(struct kase *kase, struct value *entry);
struct value *journal_transition(struct kase *kase, struct member *member, const struct machine_event *event,
                                 const struct effect *effect);
void journal_findings(struct kase *kase, size_t from); /* makes followers of kase->findings from index on */
/* Puts the names of co-signers, the step's form and what was derived into the acting entry. */
void journal_record(struct kase *kase, struct value *entry, const struct record *record);
/* Writes the acting entry, with kase->personal as salted digests in `sd`, then the followers; disclosures and evidence go to the
 * store. */
int journal_write(struct kase *kase, struct guan_error *error);

/* --- contacts.c --- */
/* Keeps the contacts among kase->personal, of the step that `entry` is about, where `find` looks. */
int contacts_keep(struct kase *kase, const struct value *entry, struct guan_error *error);

/* --- who.c --- */
int who_actor(struct kase *kase, const char *who, struct actor *out, struct guan_error *error);
const char *who_name(struct kase *kase, const char *id);
/* A case that nobody was given belongs to the first who acts in it as OWNER_ROLE: by the order of the journal, so that no entry
 * need say it. */
#define OWNER_ROLE "sales_consultant"
void who_takes(struct kase *kase, const char *kind, const struct actor *actor, const char *role);
/* Fills command-line actors: actors[0] and the co-signers. */
int who_actors(struct kase *kase, const struct guan_command *command, struct actor **out, size_t *count,
               struct guan_error *error);

/* --- refusal.c --- */
/* The follower finding of a refused command, and {"code","reason","clause","text","hint","missing","next"} for the answer. */
int refusal_finding(struct kase *kase, const struct refusal *refusal, struct guan_error *error);
struct value *refusal_answer(struct kase *kase, const struct refusal *refusal);
/* A usage error, said by standard, as the command's error. */
int refusal_usage(struct kase *kase, const struct refusal *refusal, struct guan_error *error);

/* --- timer.c --- */
/* Fires what is due up to kase->rec, each with its own cause, saving after each. May drop and load the case again. */
int timers_fire(struct kase *kase, struct guan_error *error);

/* --- attach.c --- */
/* Reads the files of fields given as @FILE: `fields` keeps the others. */
int attach_files(struct kase *kase, const struct guan_command *command, struct guan_pair **fields, size_t *count,
                 struct guan_error *error);
/* Could the file be attached? */
int attach_look(const char *path, struct guan_error *error);

/* --- step.c: one command in memory; GUAN_NO leaves kase->refusal filled --- */
int step_do(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error);
int step_send(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error);
int step_waive(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error);

/* What these and the next share: who acts, `by`, the moment; the acting entry of a step; what _event carries; an event to a
 * session. */
int step_begin(struct kase *kase, const struct guan_command *command, struct act *act, struct guan_error *error);
int step_by(struct kase *kase, const struct guan_command *command, const char **out, struct guan_error *error);
void step_entry(struct kase *kase, struct value *entry, const struct member *member, const struct chart_step *step,
                const struct actor *actors, size_t count);
/* Of a step: what it is about, known or a usage error, and who acts; the flow that it starts. */
int step_target(struct kase *kase, const struct guan_command *command, struct target *target, struct act *act,
                struct guan_error *error);
int step_start(struct kase *kase, struct target *target, struct act *act, struct guan_error *error);
struct value *step_did(struct kase *kase, const char *kind, const struct member *member, const struct chart_step *step);
struct value *step_more(struct kase *kase, const char *role);
int step_post(struct kase *kase, struct member *member, const char *name, const struct value *data, const struct value *more,
              struct guan_error *error);

/* --- correct.c --- */
int correct_amend(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error);
int correct_assign(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error);

/* --- open.c --- */
int open_case(struct guan *guan, const struct guan_command *command, struct kase *kase, struct value **did,
              struct guan_error *error);
/* Its second half: the case has its row, is loaded, and knows its cause and times. */
int open_run(struct kase *kase, const struct guan_command *command, struct value **did, struct guan_error *error);

/* --- query.c --- */
/* {"case","key","parties","now","sessions":[…]}: the required steps that are open; `all`: also what is done or may be, with the
 * titles of flows that are not open yet (their charts are read). */
struct value *query_todo(struct kase *kase, bool all);

/* --- listing.c --- */
void listing_note(struct kase *kase); /* into the state of its row what lists need; only when it is saved */

/* --- answer.c --- */
struct value *answer_command(struct kase *kase, struct value *did);
struct value *answer_finding(struct kase *kase, const struct finding *finding);
struct value *answer_where(struct kase *kase); /* list of {"session","process","title","states"} of active sessions */
struct value *answer_parties(struct kase *kase);
const char *answer_place(struct kase *kase); /* "试驾 · 已预约 / 客户接待 · 接待中" for lists */
void answer_local(struct kase *kase, struct value *map, const char *key, instant at);
/* An answer as text, before the commit: afterwards memory must not be wanting. Then to the sink. Both in one. */
int answer_write(const struct value *value, struct buffer *out, struct guan_error *error);
int answer_hand(const struct guan_sink *sink, const struct buffer *text, struct guan_error *error);
int answer_put(const struct guan_sink *sink, const struct value *value, struct guan_error *error);

/* --- resolve.c --- */
struct target {
    struct member *member;
    const char *name; /* without the process */
    const char *full; /* P.NAME as the ancestors see it */
    bool starts;      /* no session yet: the root's transition on `full` invokes one of `process` */
    const char *process;
    uint32_t step; /* in the chart of the target, CHART_NONE: an event */
};
int resolve_target(struct kase *kase, const char *name, bool step, struct target *out, struct guan_error *error);
int resolve_case(struct guan *guan, const char *kase, struct case_row *out, struct guan_error *error);
/* Times of a command: rec (wall: the clock; virtual: given) and at. */
int resolve_times(struct guan *guan, const struct zone *zone, instant last, const struct guan_command *command, instant *at,
                  instant *rec, struct guan_error *error);
int resolve_key(struct guan *guan, const char *key, struct hash *out, struct guan_error *error);

/* --- findings.c --- */
/* The findings of a case as they stand, folded over its journal: list of objects as guan_findings gives them. */
int findings_fold(struct guan *guan, const struct case_row *row, struct arena *arena, struct value **out,
                  struct guan_error *error);

/* --- guan.c --- */
const char *guan_new_id(struct guan *guan, struct arena *arena); /* 10 characters, Crockford base 32 */
instant guan_wall_clock(void);

/* --- deploy.c --- */
int guan_publish(struct guan *guan, struct bundle *bundle, const struct guan_sink *sink, struct guan_error *error);
/* The same without the check, of a bundle that guan_publish has taken before. */
int guan_publish_known(struct guan *guan, const struct bundle *bundle, const struct guan_sink *sink, struct guan_error *error);
int guan_attach(struct store *store, struct guan **out, struct guan_error *error); /* takes the store over */

#endif
