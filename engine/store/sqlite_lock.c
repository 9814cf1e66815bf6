/* One writer among all processes. SQLite before 3.51.3 can lose the end of its log when two connections commit and checkpoint at
 * the same moment; so whoever writes or checkpoints holds an exclusive lock on a file beside the store. flock, since POSIX record
 * locks do not hold between two handles of one process. The file stays: removing it would let two hold "the" lock. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 10000

static int refuse(const struct sqlite_store *store, const char *what, struct guan_error *error)
{
    error_set(error, GUAN_FAILED, "store", "the store's lock file cannot be %s: %s", what, strerror(errno));
    error_where(error, "%s", store->lock_path);
    error_hint(error, "check the rights of the folder");
    return GUAN_FAILED;
}

/* Waits by asking again: a process that holds the lock and is stopped must not stop all others for ever. */
static int wait_for(struct sqlite_store *store, struct guan_error *error)
{
    for (int waited = 0; flock(store->lock, LOCK_EX | LOCK_NB) != 0; waited++) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK) return refuse(store, "locked", error);
        if (waited >= PATIENCE_MS) return sqlite_failure(NULL, SQLITE_BUSY, error);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return GUAN_OK;
}

int sqlite_lock_take(struct sqlite_store *store, struct guan_error *error)
{
    if (!store->lock_path) return GUAN_OK;
    if (store->lock < 0) {
        store->lock = open(store->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (store->lock < 0) return refuse(store, "opened", error);
    }
    return wait_for(store, error);
}

void sqlite_lock_give(struct sqlite_store *store)
{
    if (store->lock >= 0) flock(store->lock, LOCK_UN);
}
