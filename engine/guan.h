/* guan — the one public header.
 *
 * Everything a program needs to check process definitions, step customers through them and read the record back.
 * Results are JSON, handed to a sink; commands are one structure. Handles are opaque, owned by whoever made them,
 * and used by one thread at a time. Times in JSON are UTC `YYYY-MM-DDTHH:MM:SS.mmmZ` unless a key ends in `_local`.
 */
#ifndef GUAN_H
#define GUAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every function that can fail returns one of these; they are also the exit codes of the command line. */
enum guan_code {
    GUAN_OK = 0,
    GUAN_NO = 1,       /* the answer is no: refused, findings, invalid definition */
    GUAN_USAGE = 2,    /* the question is wrong: typo, unknown name, missing field */
    GUAN_TAMPERED = 3, /* the record does not verify */
    GUAN_FAILED = 4    /* the machine failed: memory, disk, database */
};

/* What went wrong, where, and how to mend it. Filled by the function that failed; plain memory, nothing to free.
 * `text` and `hint` are UTF-8, always terminated, cut at a character. */
struct guan_error {
    int code;        /* enum guan_code */
    char rule[40];   /* stable id, e.g. "unknown-target" */
    char where[200]; /* file:line:col, a step, a row; may be empty */
    char text[600];  /* one sentence */
    char hint[300];  /* what to do next; may be empty */
};

/* Takes a result: `json` is one JSON value without a line end. Return non-zero to stop. */
struct guan_sink {
    int (*put)(void *user, const char *json, size_t length);
    void *user;
};

const char *guan_version(void);

/* --- definitions, without a store ----------------------------------------------------------------------------- */

/* Checks files and folders (a folder: all flows, catalogues, parameters and dealers below it).
 * The sink gets {"file","line","col","severity","rule","text","hint"} for each diagnostic. GUAN_NO when there are errors. */
int guan_check(const char *const *paths, size_t count, const struct guan_sink *sink, struct guan_error *error);

struct guan_run_options {
    const char *const *events; /* NAME or NAME=JSON, sent one after the other, each when the session is stable */
    size_t event_count;
    bool trace;          /* the sink gets every microstep */
    uint64_t microsteps; /* bound; 0 for the default */
};
/* Runs an SCXML document in memory on a virtual clock. The sink gets {"log":…}, {"error":NAME,"session","text"},
 * {"microstep":…} and, last, {"final":"ID"} or {"stable":["ID",…]}. */
int guan_run(const char *file, const struct guan_run_options *options, const struct guan_sink *sink, struct guan_error *error);

/* --- a store -------------------------------------------------------------------------------------------------- */

struct guan;

enum {
    GUAN_VIRTUAL = 1, /* commands carry the clock (`at`, `rec`): stories, demo; implies GUAN_CLAIMED */
    GUAN_CLAIMED = 2  /* law steps and four eyes accept actors that are only claimed */
};

/* Makes an empty store at `path`; fails if there is one. */
int guan_init(const char *path, unsigned flags, struct guan_error *error);
int guan_open(const char *path, struct guan **out, struct guan_error *error);
/* NULL is accepted. */
void guan_close(struct guan *guan);

/* Checks the bundle in `dir` (the folder that holds `processes/` and `scripts/`) and publishes it.
 * Diagnostics as in guan_check, then {"def","houses","processes"}. */
int guan_deploy(struct guan *guan, const char *dir, const struct guan_sink *sink, struct guan_error *error);

enum guan_verb { GUAN_OPEN, GUAN_STEP, GUAN_SEND, GUAN_WAIVE, GUAN_AMEND, GUAN_ASSIGN, GUAN_TICK };

struct guan_pair {
    const char *name;
    const char *value;
};

/* One command: one transaction. Strings are borrowed for the call; NULL means absent. */
struct guan_command {
    enum guan_verb verb;
    const char *id;          /* command id: a second command with the same id is not carried out, but answered the same */
    const char *kase;        /* id, unique prefix, or key:KEY; not for open and tick */
    const char *name;        /* open: process; step, waive: [PROCESS.]STEP; send: [PROCESS.]EVENT; assign: staff */
    uint64_t entry;          /* amend: n of the entry to correct */
    const char *actor;       /* who did it: staff id, login or name; party name or id; "system" */
    const char *by;          /* who typed it, if another */
    const char *role;        /* the role acted in, if the actor has several */
    const char *const *with; /* who co-signed */
    size_t with_count;
    const char *at;  /* happened: dealer's time, or with an offset; default: now */
    const char *rec; /* recorded: virtual stores only; default: `at` */
    const struct guan_pair *fields;
    size_t field_count;
    const char *reason;              /* waive */
    const char *key;                 /* open: the dealer's own key of the customer; personal */
    const char *dealer;              /* open: default the only one */
    const struct guan_pair *parties; /* open: NAME=ROLE */
    size_t party_count;
    const char *until; /* tick: time; default now */
};

/* Carries a command out. The sink gets one object:
 * {"ok":true,"case","n","did","state":[…],"findings":[…],"open":[…]} or, with GUAN_NO,
 * {"ok":false,"refused":{"code","clause":[…],"text","missing":[…],"next":[…]},…}. */
int guan_command(struct guan *guan, const struct guan_command *command, const struct guan_sink *sink, struct guan_error *error);

/* Milliseconds from now on until something falls due, 0 when something is due, -1 when nothing waits. For a worker that sleeps
 * between ticks. */
int guan_next_due(struct guan *guan, int64_t *ms, struct guan_error *error);

/* Queries: one JSON object each, or one a row for the lists. `virtual` stores answer as of their last command. */
int guan_list(struct guan *guan, const char *words, const struct guan_sink *sink, struct guan_error *error);
int guan_show(struct guan *guan, const char *kase, const struct guan_sink *sink, struct guan_error *error);
int guan_todo(struct guan *guan, const char *kase, const struct guan_sink *sink, struct guan_error *error);
/* The same for one person: each item says in "mine" whether a role of hers fits. `actor` NULL: nobody's. */
int guan_todo_of(struct guan *guan, const char *kase, const char *actor, const struct guan_sink *sink, struct guan_error *error);
int guan_log(struct guan *guan, const char *kase, const struct guan_sink *sink, struct guan_error *error);

/* --- asking before recording: for who types a step field by field ----------------------------------------------- */

/* `command` is a GUAN_STEP as far as it has come; nothing is recorded, no file is read. The sink gets one object.
 * `field` NULL: may this actor do this step now? {"ok","process","step","title","case","fields":[{"name","title","type"}]}, or
 * with GUAN_NO {"ok":false,"refused":{…}} as guan_command would say it. Else:
 * {"ok","field","title","type","of","names","required","personal","asked","min","max","fields":[…],"default","leaves":{"code",
 * "severity"}}; `leaves`: missing, or beyond a limit, it is recorded all the same, with that finding. When the command has the
 * field, its value is judged: GUAN_USAGE and {"ok":false,…,"reason":"format|yes|min|max|pattern|check","text"}. */
int guan_field(struct guan *guan, const struct guan_command *command, const char *field, const struct guan_sink *sink,
               struct guan_error *error);

struct guan_case_filter {
    const char *words; /* name, key or number of a contact contains these, in their order; NULL: all */
    const char *actor; /* cases of this person: owner, or of the role of an open step that is not the owner's; NULL: all */
    const char *due;   /* "today", "tomorrow", "week", a date, or "late": open cases where something falls due then; NULL: all */
};
/* Cases, one object a row:
 * {"case","key","customer","process","dealer","phase","where","owner","due","due_local","left_ms","what",
 * "step","now_local","rec","ended"}, read from the rows alone; `due` and `what` are those that the filter asks for, else the
 * earliest. */
int guan_cases(struct guan *guan, const struct guan_case_filter *filter, const struct guan_sink *sink, struct guan_error *error);

/* Runs a story file against the bundle in `dir` in a store of its own. The sink gets {"ok","name","line","text"} a check,
 * then {"story","passed","failed"}. GUAN_NO when a check failed. */
int guan_story(const char *dir, const char *file, const struct guan_sink *sink, struct guan_error *error);

/* --- the auditor ---------------------------------------------------------------------------------------------- */

/* Recomputes the whole record. The sink gets {"entries","cases","root","root_hex","size","sealed"}, or
 * {"bad":{"index","case","n","text"}} for the first bad entry (no "index": none in particular). GUAN_TAMPERED when it does not
 * verify. */
int guan_verify(struct guan *guan, const struct guan_sink *sink, struct guan_error *error);

struct guan_filter {
    const char *kase;   /* NULL: all cases */
    const char *clause; /* those of one clause and of all below it; one that is unknown: GUAN_USAGE */
    const char *since;  /* recorded at or after: a date or time, the dealer's */
    bool open;          /* only what is neither remedied, waived, noted nor withdrawn */
};
/* Findings as they stand: {"fid","case","code","severity","status","clause","step","due","at","late","actor","entries"} a row;
 * "found_by" in place of "actor" where nobody did what it is about. `filter` NULL for all. GUAN_NO when there are any that stand.
 */
int guan_findings(struct guan *guan, const struct guan_filter *filter, const struct guan_sink *sink, struct guan_error *error);

/* --- the auditor's desk --------------------------------------------------------------------------------------- */

struct guan_period {
    const char *since,
        *until;         /* recorded from then on, and before then: a time, or a date, which `until` includes; the dealer's */
    const char *dealer; /* NULL: all */
};

struct guan_export {
    const char *format; /* "xes", "ocel" (JSON, or SQLite when the path ends in .sqlite), "csv" */
    const char *path;   /* made anew, never over something; `path`.statement.json beside it */
    struct guan_period period;
    bool names; /* names of people where they still exist; otherwise only their ids */
};
/* Writes the record out. The sink gets the completeness statement:
 * {"query","counts","checkpoint":{"size","root","sealed","note"}, "entries_root","format","file","bytes","sha256",…}. */
int guan_export(struct guan *guan, const struct guan_export *what, const struct guan_sink *sink, struct guan_error *error);

/* A random sample that anybody can draw again. */
struct guan_draw {
    size_t count;
    const char *number; /* the auditor's own */
    const char *clause; /* only what cites it, or a clause below it */
    bool entries;       /* of entries; else of cases */
    struct guan_period period;
};
/* {"method","seed","root","root_hex","size","number","query":{…},"population","count","items":[{"rank","case","n",…}]} */
int guan_sample(struct guan *guan, const struct guan_draw *draw, const struct guan_sink *sink, struct guan_error *error);

/* All that a report says, as one object: statement, summary, clauses, late, waivers, overrides, refused, duties, kpis, stages,
 * weeks, sample, which `number` draws; NULL: none. */
int guan_report(struct guan *guan, const struct guan_period *period, const char *number, const struct guan_sink *sink,
                struct guan_error *error);

/* One finding: the criterion, why, the evidence, the condition, and the commands that prove it. `fid` "F2" with a case, or
 * "CASE:F2".
 */
int guan_finding(struct guan *guan, const char *kase, const char *fid, const struct guan_sink *sink, struct guan_error *error);

/* --- coverage --------------------------------------------------------------------------------------------------- */

/* Runs stories one after the other against the bundle in `dir`, as guan_story does, {"file"} before each; then what none of them
 * exercised: {"uncovered":{"process","kind","id","title"}} a row, kind one of process state transition step waive deadline-met
 * deadline-missed rule-judged rule-broken role; last {"coverage":{"exercised","of"}}. GUAN_NO when a check failed. */
int guan_stories(const char *dir, const char *const *files, size_t count, const struct guan_sink *sink, struct guan_error *error);

struct guan_coverage {
    const char *dir;            /* holds processes/; NULL: the store's newest definition */
    const char *const *stories; /* files; those that fail do not count */
    size_t story_count;
    const char *clause; /* one, or how ids begin (CS-3); NULL: all */
};
/* A row a clause: {"clause","title","standard","parent","kind","basis","testable","why","status","encoded":[{"process","kind",
 * "state","id","title"}],"stories":[…],"stands":{"done","late","missed","waived","other"}}, status one of heading untestable
 * missing encoded exercised; then {"summary":{"standards":[{"id","title","binding","clauses","testable","encoded","exercised"}],
 * "clauses","testable","encoded","exercised","gaps":[…],"stories":[{"name","title","ok","text"}],"store"}}. `guan` NULL: no
 * "stands"; no stories: no "exercised". GUAN_NO when a testable clause of law or of a standard is encoded nowhere, or, where
 * there are stories, exercised by none. */
int guan_coverage(struct guan *guan, const struct guan_coverage *what, const struct guan_sink *sink, struct guan_error *error);

/* --- the ledger: keys, checkpoints, proofs (C2SP signed-note, tlog-checkpoint, -cosignature, -proof, -tiles) ---- */

/* Names the ledger, while it is empty: the first word of its checkpoints, the name of its keys, e.g. guan.example/pudong. */
int guan_set_origin(struct guan *guan, const char *origin, struct guan_error *error);

enum {
    GUAN_KEY_NEW = 1, /* make one; when there is one, it signs its successor's first checkpoint */
    GUAN_KEY_LOST = 2 /* … and it is lost, which the entry says */
};
/* The ledger's verifier key; the private one lies in `file`. {"origin","key","file","entry"}; GUAN_NO when there is none. */
int guan_key(struct guan *guan, const char *file, unsigned flags, const struct guan_sink *sink, struct guan_error *error);
/* A key of a witness, without a store: {"key","file"}. */
int guan_witness_key(const char *name, const char *file, const struct guan_sink *sink, struct guan_error *error);

/* Seals what is there: {"size","root","new","note"}. `key_file` holds the private key. */
int guan_checkpoint(struct guan *guan, const char *key_file, const struct guan_sink *sink, struct guan_error *error);
/* For a worker: when `every` (a duration, PT1H) has passed since the last time, a `tick` entry (`clock`, if the clock has gone
 * back) and a checkpoint. `wait`: milliseconds until the next, -1 when the ledger has no key or the store is virtual. */
int guan_seal(struct guan *guan, const char *key_file, const char *every, int64_t *wait, struct guan_error *error);
/* Takes in the signatures of witnesses on a checkpoint of ours: {"size","added","note"}. */
int guan_cosigned(struct guan *guan, const char *file, const struct guan_sink *sink, struct guan_error *error);
/* A witness signs a checkpoint, without a store: {"note"}. */
int guan_cosign(const char *file, const char *key_file, const struct guan_sink *sink, struct guan_error *error);

/* CASE, CASE:N or an index: that the entry is in the newest checkpoint. `from` (a file with an older checkpoint): that this one
 * goes on from it; `what` is NULL then. {"index","case","n","size","proof"}, {"size1","size2","proof"}. */
int guan_prove(struct guan *guan, const char *what, const char *from, const struct guan_sink *sink, struct guan_error *error);
/* Writes the sealed record as static files; what is in `dir` already is gone on from. {"size","root","files","unsealed"}. */
int guan_tiles(struct guan *guan, const char *dir, const struct guan_sink *sink, struct guan_error *error);
/* For the customer's delivery sheet: {"case","n","size","root","text"}, `text` under 300 bytes, signed if there is a key. */
int guan_receipt(struct guan *guan, const char *kase, const char *key_file, const struct guan_sink *sink,
                 struct guan_error *error);
/* {"case","n","size","signed","now"}; GUAN_TAMPERED when the record is not what it was. */
int guan_receipt_check(struct guan *guan, const char *text, const struct guan_sink *sink, struct guan_error *error);

struct guan_verify_options {
    const char *against;   /* a file from outside: a checkpoint or a receipt; F.tsr beside it is its time stamp */
    const char *authority; /* certificates (PEM) that time stamps are trusted by; NULL: the system's */
    /* Verifier keys, or files with one each: each has to have signed `against`, or without it the newest checkpoint. */
    const char *const *keys;
    size_t key_count;
    void (*progress)(void *user, uint64_t done, uint64_t all);
    void *user;
};
/* guan_verify with more to hold the record against.
 * {"entries","cases","root","size","sealed","unsealed","checkpoints","keys":[…],
 * "restored":{"index","size"},"back","against":{"kind","size","root","signed":[{"name","time"}],"unchecked":[names],"stamp"}}, or
 * {"bad"} as there. The file's own signature comes first: one that does not fit is GUAN_USAGE, "against", and says nothing of the
 * record. GUAN_NO, "restored": what the file has seen is among what a recorded restore has lost. */
int guan_verify_against(struct guan *guan, const struct guan_verify_options *options, const struct guan_sink *sink,
                        struct guan_error *error);

/* --- care of the store ---------------------------------------------------------------------------------------- */

/* A copy of this moment, evidence too, while others work: {"file","entries","bytes"}. */
int guan_store_backup(struct guan *guan, const char *file, const struct guan_sink *sink, struct guan_error *error);
/* The file's structure: {"text"} for each complaint, then {"ok","free_bytes"}. GUAN_TAMPERED when there are any. */
int guan_store_check(struct guan *guan, const struct guan_sink *sink, struct guan_error *error);
int guan_store_stats(struct guan *guan, const struct guan_sink *sink, struct guan_error *error); /* figures, one object */
/* Takes a backup into use as the store `path`, which must not be there yet: the record says so, and what a checkpoint from
 * outside
 * (`against`) had sealed that the backup lacks. {"store","size","lost"}. */
int guan_store_restore(const char *path, const char *backup, const char *against, const struct guan_sink *sink,
                       struct guan_error *error);

/* --- rules over the past ---------------------------------------------------------------------------------------- */

struct guan_past {
    const char *file;    /* rules (<rules xmlns="urn:guan:1">), or a flow (.scxml) that the log is aligned with */
    const char *log;     /* .xes or .csv; NULL: the journal */
    const char *columns; /* of CSV: "case=ID,activity=Task,time=When,resource=…,role=…,lifecycle=…"; NULL: the usual headers */
    const char *map;     /* flow: CSV with the columns activity,name: what an activity is called in the flow; name empty: none */
    const char *since; /* rules: only what happened from then on is told */
    const char *const *cases;
    size_t case_count; /* 0: all */
    size_t worst;      /* flow: how many of the worst variants are shown; 0: 10 */
};
/* `guan` may be NULL with a log. Rules: {"rule","case","verdict","count","due","entries"|"places","events":[…]} for each case
 * that is not satisfied,
 * {"rule","title","kind","severity","clause","line","activations","cases":{"satisfied","violated","pending", "due"},"vacuous"}
 * after those of a rule, last {"log","cases","events","rules","violated","vacuous"}. A flow: {"case","variant",
 * "cost","fitness","exact"} a case, {"variant","cases","case","cost","lower","fitness","exact","moves":[{"move","activity"}]},
 * {"deviation","activity","count"}, last {"flow","log","cases","events","variants","fitness","fitting",…}. Diagnostics of the
 * file as in guan_check. GUAN_NO when something is violated or does not fit; GUAN_USAGE when a file cannot be read. */
int guan_past(struct guan *guan, const struct guan_past *what, const struct guan_sink *sink, struct guan_error *error);

/* --- re-performance --------------------------------------------------------------------------------------------- */

struct guan_replay_options {
    const char *const *cases;
    size_t case_count;                                         /* 0: all */
    void (*progress)(void *user, uint64_t done, uint64_t all); /* after each case; may be NULL */
    void *user;
};
/* Runs cases again from their entries, on the definition and the houses of then, and holds what comes out against the entries,
 * byte by byte, and against the rows that stand now. Nothing is written. A row for each case that was named or that is not
 * identical:
 * {"case","status":"identical|not_comparable|different","entries","sem","difference":{"where":"entry|disclosure|definition|session|
 * timer|name|case","row","n","key","recorded","performed","text"}}, the first difference, both sides as JSON text, absent where
 * there is nothing. Last {"cases","entries","given","identical","not_comparable","different","sem"}; `given` entries were taken
 * as they stand (refusals whose input was erased). Not comparable: recorded under another `sem`. GUAN_TAMPERED when one is
 * different. */
int guan_replay(struct guan *guan, const struct guan_replay_options *options, const struct guan_sink *sink,
                struct guan_error *error);

#endif
