/* What a database fills in to be a store. The functions mean what their namesakes in store.h say; store.c has checked before that
 * a transaction of the right kind is open, and refuses all further work in one where something failed. */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/store.h"

struct store_driver;

/* A driver's own structure begins with this one. */
struct store {
    const struct store_driver *driver;
    unsigned flags;
    enum { STORE_IDLE, STORE_READS, STORE_WRITES } mode;
    bool broken;    /* something failed in this transaction: only rollback is left */
    char *evidence; /* the folder of the evidence files (evidence.c); NULL, in memory: they are blobs. Freed by the driver */
};

struct store_driver {
    /* With `create` the schema is made, empty, and its write transaction left open: store.c adds the first rows and commits. */
    int (*open)(const char *path, bool create, struct store **out, struct guan_error *error);
    void (*close)(struct store *store);
    int (*begin)(struct store *store, bool write, struct guan_error *error);
    int (*commit)(struct store *store, struct guan_error *error); /* a failed one has been rolled back */
    void (*rollback)(struct store *store);

    int (*info)(struct store *store, struct arena *arena, const char *key, const char **value, struct guan_error *error);
    int (*info_set)(struct store *store, const char *key, const char *value, struct guan_error *error);
    int (*blob_put)(struct store *store, const struct hash *hash, const void *bytes, size_t length, struct guan_error *error);
    int (*blob)(struct store *store, struct arena *arena, const struct hash *hash, const char **bytes, size_t *length,
                struct guan_error *error);

    int (*case_add)(struct store *store, const struct case_row *row, struct guan_error *error);
    int (*case_save)(struct store *store, const struct case_row *row, struct guan_error *error);
    int (*case_get)(struct store *store, struct arena *arena, const char *id, struct case_row *out, struct guan_error *error);
    int (*case_find)(struct store *store, struct arena *arena, const char *prefix, struct case_row *out,
                     struct guan_error *error);
    int (*case_by_key)(struct store *store, struct arena *arena, const struct hash *key, struct case_row *out,
                       struct guan_error *error);
    int (*case_each)(struct store *store, const char *after, int (*each)(void *user, const struct case_row *row), void *user,
                     struct guan_error *error);
    int (*sessions)(struct store *store, struct arena *arena, const char *kase, struct session_row **rows, size_t *count,
                    struct guan_error *error);
    int (*session_save)(struct store *store, const char *kase, uint32_t order, const struct session_row *row,
                        struct guan_error *error);
    int (*timers)(struct store *store, struct arena *arena, const char *kase, struct timer_row **rows, size_t *count,
                  struct guan_error *error);
    int (*timer_set)(struct store *store, const char *kase, const struct timer_row *row, struct guan_error *error);
    int (*timer_remove)(struct store *store, const char *kase, const char *session, const char *name, const char *instance,
                        struct guan_error *error);
    int (*due)(struct store *store, struct arena *arena, instant until, size_t limit, const char ***ids, size_t *count,
               struct guan_error *error);
    int (*next_due)(struct store *store, instant *out, struct guan_error *error);
    int (*due_wrong)(struct store *store, struct arena *arena, const char *kase, const char **out, struct guan_error *error);

    int (*entry_add)(struct store *store, const struct entry_row *row, struct guan_error *error);
    int (*entry)(struct store *store, struct arena *arena, uint64_t index, struct entry_row *out, struct guan_error *error);
    int (*entry_each)(struct store *store, uint64_t from, int (*each)(void *user, const struct entry_row *row), void *user,
                      struct guan_error *error);
    int (*head)(struct store *store, struct ledger_head *out, struct guan_error *error);
    int (*head_save)(struct store *store, const struct ledger_head *head, struct guan_error *error);

    int (*checkpoint_put)(struct store *store, const struct checkpoint_row *row, struct guan_error *error);
    int (*checkpoint_next)(struct store *store, struct arena *arena, uint64_t from, struct checkpoint_row *out,
                           struct guan_error *error);
    int (*checkpoint_last)(struct store *store, struct arena *arena, struct checkpoint_row *out, struct guan_error *error);

    int (*secret_put)(struct store *store, const char *kase, const struct hash *secret, struct guan_error *error);
    int (*secret)(struct store *store, const char *kase, struct hash *out, struct guan_error *error);
    int (*disclosure_put)(struct store *store, const char *kase, const struct hash *digest, const char *text,
                          struct guan_error *error);
    int (*disclosure)(struct store *store, struct arena *arena, const char *kase, const struct hash *digest, const char **text,
                      struct guan_error *error);
    int (*name_put)(struct store *store, const char *kase, const struct name_row *row, struct guan_error *error);
    int (*names)(struct store *store, struct arena *arena, const char *kase, struct name_row **rows, size_t *count,
                 struct guan_error *error);
    int (*name_find)(struct store *store, struct arena *arena, const char *words, const char ***ids, size_t *count,
                     struct guan_error *error);
    int (*erase)(struct store *store, const char *kase, struct guan_error *error);

    int (*command_seen)(struct store *store, struct arena *arena, const char *id, const char **answer, size_t *length,
                        struct guan_error *error);
    int (*command_put)(struct store *store, const char *id, const char *answer, size_t length, struct guan_error *error);

    int (*backup)(struct store *store, const char *path, uint64_t *entries, struct guan_error *error);
    int (*check)(struct store *store, int (*each)(void *user, const char *text), void *user, struct guan_error *error);
    int (*figures)(struct store *store, struct store_figures *out, struct guan_error *error);
};

extern const struct store_driver sqlite_driver;

#endif
