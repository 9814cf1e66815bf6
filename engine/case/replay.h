/* Private to this layer and the audit's: a case performed again from its entries (DESIGN §5, §9), on a scratch store.
 *
 *   entry ──replay_input──▶ command ──command_carry_out──▶ entries ──replay_compare──▶ … ──replay_reconcile──▶ rows
 *           replay_tried (of a refusal)
 *
 * What was derived from personal values, and the tokens that stood for them, are in the entries and taken from there, so that it
 * comes out the same before and after an erasure. Salts are taken from the record. */
#ifndef CASE_REPLAY_H
#define CASE_REPLAY_H

#include "case/kase.h"

/* Hangs on the scratch guan. */
struct replay {
    struct value **entries; /* as recorded, in order of n */
    size_t count;
    bool holds;         /* the case stays in memory from one command to the next: it need not be saved after each */
    bool accepted;      /* the acting entry that comes next was carried out: its input is in the two below */
    struct given given; /* of a step or an amendment */
    struct value *data; /* of an event, as the machine saw it */
};

enum replay_status { REPLAY_IDENTICAL, REPLAY_NOT_COMPARABLE, REPLAY_DIFFERENT };
struct replay_report {
    enum replay_status status;
    uint64_t entries; /* performed again, and the same */
    uint64_t given;   /* of these, taken as they stand: what was refused is gone, or the kind is not one that is performed */
    int64_t sem;      /* REPLAY_NOT_COMPARABLE: the other one */
    /* REPLAY_DIFFERENT: the first difference */
    const char *where;                /* entry, disclosure, definition, session, timer, name, case */
    const char *row;                  /* of a table: which; NULL: none */
    uint64_t n;                       /* of the entry; 0: none */
    const char *key;                  /* "clause", "snapshot.data.x"; NULL: the whole */
    const char *recorded, *performed; /* JSON; NULL: absent */
    const char *text;                 /* what the engine said; NULL: nothing */
};

/* A guan on an empty virtual store in memory, with the script and the settings of `guan`, that takes one case after the other. */
int replay_open(struct guan *guan, struct guan **scratch, struct guan_error *error);
void replay_close(struct guan *scratch);
/* The report's texts live in `arena`. Inside a transaction of `guan`. Not GUAN_OK: the machine failed. */
int replay_case(struct guan *guan, struct guan *scratch, const struct case_row *row, struct arena *arena,
                struct replay_report *report, struct guan_error *error);

/* --- replay_input.c: from an entry to the command that made it --- */
bool replay_acts(const struct value *entry); /* is it an acting entry? */
/* The command of an accepted entry; `replay` gets what was typed. */
int replay_input(struct replay *replay, const struct value *entry, struct arena *arena, struct guan_command *command,
                 struct guan_error *error);
/* The command of a refused one. *known: all that was tried is still there. */
int replay_tried(struct guan *guan, const char *kase, const struct value *entry, struct arena *arena,
                 struct guan_command *command, bool *known, struct guan_error *error);

/* Asked while a command runs. The recorded entry that the next one stands against; NULL: none, or this is no re-performance. */
const struct value *replay_next(const struct kase *kase);
bool replay_accepted(const struct kase *kase);
bool replay_holds(const struct kase *kase);
const struct given *replay_given(const struct kase *kase); /* of an accepted one, else NULL */
/* In place of resolve.c, who.c, step.c, attach.c and the salts of journal.c. */
int replay_target(struct kase *kase, struct target *out, struct guan_error *error);
void replay_actors(struct kase *kase, struct actor *actors, size_t count);
int replay_data(struct kase *kase, struct value **out, struct guan_error *error);
int replay_evidence(struct kase *kase, const struct guan_command *command, struct guan_pair **fields, size_t *count,
                    struct guan_error *error);
int replay_digests(struct kase *kase, struct value *entry, struct guan_error *error);

/* --- replay_compare.c: each notes the first difference in the report --- */
void replay_differs(struct replay_report *report, const char *where, const char *row, uint64_t n, const char *text);
/* The entries from..to of the scratch store, against those recorded. */
int replay_compare(struct guan *scratch, const struct entry_row *recorded, size_t count, size_t from, size_t to,
                   struct arena *arena, struct replay_report *report, struct guan_error *error);
/* Digests against their disclosures, and these against what the machine saw. `secret` NULL: erased. */
int replay_disclosures(struct guan *guan, const char *kase, const struct value *entry, const struct hash *secret,
                       struct arena *arena, struct replay_report *report, struct guan_error *error);
/* --- replay_rows.c: the live rows against those that the re-performance ended with --- */
int replay_reconcile(struct guan *guan, struct guan *scratch, const struct case_row *row, struct arena *arena,
                     struct replay_report *report, struct guan_error *error);
/* The first place where two values differ, "data.x"; what stands there on either side, as JSON, NULL where absent. */
int replay_difference(struct arena *arena, const struct value *recorded, const struct value *performed,
                      struct replay_report *report, struct guan_error *error);

#endif
