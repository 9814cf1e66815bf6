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
int guan_log(struct guan *guan, const char *kase, const struct guan_sink *sink, struct guan_error *error);

/* Runs a story file against the bundle in `dir` in a store of its own. The sink gets {"ok","name","line","text"} a check,
 * then {"story","passed","failed"}. GUAN_NO when a check failed. */
int guan_story(const char *dir, const char *file, const struct guan_sink *sink, struct guan_error *error);

/* --- the auditor ---------------------------------------------------------------------------------------------- */

/* Recomputes the whole record. The sink gets {"entries","cases","root","size","sealed"}, or {"bad":{"index","case","n","text"}}
 * for the first bad entry. GUAN_TAMPERED when it does not verify. */
int guan_verify(struct guan *guan, const struct guan_sink *sink, struct guan_error *error);

struct guan_filter {
    const char *kase;   /* NULL: all cases */
    const char *clause; /* those of one clause */
    const char *since;  /* recorded at or after: a date or time, the dealer's */
    bool open;          /* only what is neither remedied, waived, noted nor withdrawn */
};
/* Findings as they stand: {"fid","case","code","severity","status","clause","step","due","at","late","actor","entries"} a row.
 * `filter` NULL for all. GUAN_NO when there are any that stand. */
int guan_findings(struct guan *guan, const struct guan_filter *filter, const struct guan_sink *sink, struct guan_error *error);

#endif
