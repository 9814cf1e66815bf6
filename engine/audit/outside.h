/* What was kept outside the store and is held against it, and who stands behind that. */
#ifndef AUDIT_OUTSIDE_H
#define AUDIT_OUTSIDE_H

#include "audit/desk.h"

struct outside {
    const char *file;
    struct sealed sealed;
    struct receipt receipt;
    struct ledger_witness witness;
    bool is_receipt;
    bool own;                         /* signed by a key that the ledger names */
    instant stamped;                  /* INSTANT_NONE: no time stamp */
    struct value *signers, *unsought; /* lists: of {"name","time"}; of names, signatures that nothing was here to check with */
};

int outside_read(struct guan *guan, const struct guan_verify_options *options, struct outside *out, struct guan_error *error);
/* Is the file what somebody signed? Before the record is judged by it, so that a forged file accuses nobody. The keys from
 * outside have to have signed, all of them; without any, one of the ledger's own. Inside a transaction. */
int outside_vouch(struct guan *guan, const struct guan_verify_options *options, struct outside *outside,
                  struct guan_error *error);
/* The keys from outside have signed the store's newest checkpoint. */
int outside_newest(struct guan *guan, const struct guan_verify_options *options, struct guan_error *error);

#endif
