/* Evidence: files beside the database, named by their hash.
 *
 *   guan.db.evidence/ab/abcdef…        0600, in folders of 0700
 *   guan.db.evidence/ab/abcdef….part   while it is written: fsync, rename, fsync of the folder, all before the commit
 *
 * There is one writer among all processes, so a name for the part is enough: what a crash left is written over. Folders and
 * files are opened one below the other and never through a symbolic link. */
#include "store/driver.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (64u * 1024u)
#define NAME_BYTES  (HASH_HEX + sizeof ".part")

static int failed(const char *path, const char *what, struct guan_error *error)
{
    error_set(error, GUAN_FAILED, "evidence", "%s: %s", what, strerror(errno));
    error_where(error, "%s", path);
    return GUAN_FAILED;
}

/* --- streams -----------------------------------------------------------------------------------------------------------------
 */

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length) {
        ssize_t part = write(file, bytes, length);
        if (part < 0 && errno == EINTR) continue;
        if (part <= 0) return false;
        bytes += part;
        length -= (size_t)part;
    }
    return true;
}

/* Hashes what is left of a file; into `copy` as well, unless it is -1. */
static int stream(int file, int copy, struct hash *hash, uint64_t *size)
{
    char *piece = memory_alloc(PIECE_BYTES);
    struct hash_stream *hashing = hash_begin();
    bool good = piece && hashing;
    *size = 0;
    for (ssize_t part = 1; good && part > 0;) {
        part = read(file, piece, PIECE_BYTES);
        if (part < 0 && errno == EINTR) part = 1;
        else if (part < 0) good = false;
        else if (part > 0) {
            *size += (uint64_t)part;
            good = hash_more(hashing, piece, (size_t)part) == GUAN_OK && (copy < 0 || write_all(copy, piece, (size_t)part)) &&
                   *size <= LIMIT_EVIDENCE_BYTES;
        }
    }
    if (hash_end(hashing, good ? hash : NULL)) good = false;
    memory_free(piece);
    return good ? GUAN_OK : GUAN_FAILED;
}

/* --- the user's file ---------------------------------------------------------------------------------------------------------
 */

static int open_source(const char *path, int *out, struct guan_error *error)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); /* a pipe would not come back from open */
    if (file < 0 && errno == ELOOP)
        return error_set(error, GUAN_USAGE, "evidence", "%s: a symbolic link; give the file itself", path);
    if (file < 0 || fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        if (file >= 0) close(file);
        return error_set(error, GUAN_USAGE, "evidence", "%s: there is no such file", path);
    }
    if ((uint64_t)info.st_size > LIMIT_EVIDENCE_BYTES) {
        close(file);
        return error_set(error, GUAN_USAGE, "evidence", "%s: evidence may have at most %u MiB", path, LIMIT_EVIDENCE_BYTES >> 20);
    }
    if (info.st_size == 0) {
        close(file);
        error_set(error, GUAN_USAGE, "evidence", "%s: the file is empty", path);
        error_hint(error, "an empty file proves nothing: attach the scan, the photo or the signed sheet");
        return GUAN_USAGE;
    }
    *out = file;
    return GUAN_OK;
}

int store_evidence_measure(const char *path, struct hash *hash, uint64_t *size, struct guan_error *error)
{
    int file = -1;
    int code = open_source(path, &file, error);
    if (code) return code;
    if (hash) code = stream(file, -1, hash, size) ? failed(path, "the file cannot be read", error) : GUAN_OK;
    close(file);
    return code;
}

/* --- the folder --------------------------------------------------------------------------------------------------------------
 */

/* The folder `name` below `parent`; made if `make`. -1: errno says why. */
static int open_folder(int parent, const char *name, bool make)
{
    if (make && mkdirat(parent, name, 0700) == 0) {
        if (fsync(parent) != 0) return -1;
    } else if (make && errno != EEXIST) {
        return -1;
    }
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The folder that a hash belongs into. */
static int open_shelf(const struct store *store, const char *hex, bool make)
{
    char shelf[3] = {hex[0], hex[1], '\0'};
    const char *slash = strrchr(store->evidence, '/'), *name = slash ? slash + 1 : store->evidence;
    char *above = memory_alloc(strlen(store->evidence) + 2);
    if (!above) {
        errno = ENOMEM;
        return -1;
    }
    if (slash) memcpy(above, store->evidence, (size_t)(slash - store->evidence) + 1);
    else above[0] = '.';
    int root = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int folder = root < 0 ? -1 : open_folder(root, name, make);
    int found = folder < 0 ? -1 : open_folder(folder, shelf, make);
    int why = errno;
    if (folder >= 0) close(folder);
    if (root >= 0) close(root);
    memory_free(above);
    errno = why;
    return found;
}

/* A regular file of the shelf that has this hash and this size. -1: it cannot be opened; errno says why. */
static int whole(int shelf, const char *hex, const struct hash *hash, uint64_t size, const char **wrong)
{
    struct stat info;
    struct hash found;
    uint64_t length;
    int file = openat(shelf, hex, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    *wrong = NULL;
    if (file < 0) return -1;
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) *wrong = "is no file any more";
    else if ((uint64_t)info.st_size != size) *wrong = "has another size than was recorded";
    else if (stream(file, -1, &found, &length)) *wrong = "cannot be read";
    else if (!hash_equal(hash, &found)) *wrong = "was changed: it does not have the hash that was recorded";
    close(file);
    return 0;
}

/* --- putting -----------------------------------------------------------------------------------------------------------------
 */

static int changed_meanwhile(const char *path, struct guan_error *error)
{
    error_set(error, GUAN_USAGE, "evidence", "%s: the file was changed while it was recorded", path);
    return error_hint(error, "try again when nobody writes to it");
}

/* From the user's file to the shelf. */
static int copy_file(int source, int shelf, const char *path, const struct hash *hash, uint64_t size, struct guan_error *error)
{
    char hex[HASH_HEX], part[NAME_BYTES];
    struct hash copied;
    uint64_t length = 0;
    hash_hex(hash, hex);
    snprintf(part, sizeof part, "%s.part", hex);
    int file = openat(shelf, part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return failed(path, "the evidence cannot be kept", error);
    int code = stream(source, file, &copied, &length);
    bool same = !code && length == size && hash_equal(hash, &copied);
    bool kept = !code && same && fsync(file) == 0;
    if (close(file) != 0) kept = false;
    kept = kept && renameat(shelf, part, shelf, hex) == 0 && fsync(shelf) == 0;
    if (kept) return GUAN_OK;
    code = !code && !same ? changed_meanwhile(path, error) : failed(path, "the evidence cannot be kept", error);
    unlinkat(shelf, part, 0);
    return code;
}

/* A store in memory has no folder. */
static int put_blob(struct store *store, int source, const char *path, const struct hash *hash, uint64_t size,
                    struct guan_error *error)
{
    struct hash copied;
    size_t got = 0;
    char *bytes = memory_alloc((size_t)size + 1);
    ssize_t part = 1;
    if (!bytes) return error_memory(error);
    while (part > 0 && got <= size) {
        part = read(source, bytes + got, (size_t)size + 1 - got);
        if (part > 0) got += (size_t)part;
    }
    int code = got != size || hash_bytes(bytes, got, &copied) || !hash_equal(hash, &copied)
                   ? changed_meanwhile(path, error)
                   : store_blob_put(store, hash, bytes, got, error);
    memory_free(bytes);
    return code;
}

int store_evidence_put(struct store *store, const char *path, const struct hash *hash, uint64_t size, struct guan_error *error)
{
    char hex[HASH_HEX];
    const char *wrong;
    int source = -1;
    if (store->mode != STORE_WRITES || store->broken)
        return error_set(error, GUAN_FAILED, "store-transaction", "evidence is put within a transaction that writes");
    int code = open_source(path, &source, error);
    if (code) return code;
    hash_hex(hash, hex);
    if (!store->evidence) {
        code = put_blob(store, source, path, hash, size, error);
        close(source);
        return code;
    }
    int shelf = open_shelf(store, hex, true);
    if (shelf < 0) code = failed(store->evidence, "the folder for evidence cannot be made", error);
    else if (whole(shelf, hex, hash, size, &wrong) != 0 || wrong) code = copy_file(source, shelf, path, hash, size, error);
    if (shelf >= 0) close(shelf);
    close(source);
    return code;
}

/* --- checking ----------------------------------------------------------------------------------------------------------------
 */

static int wrong_file(const struct store *store, const char *hex, const char *what, struct guan_error *error)
{
    error_set(error, GUAN_TAMPERED, "evidence", "the evidence file %s", what);
    error_where(error, "%s/%.2s/%s", store->evidence ? store->evidence : "memory", hex, hex);
    error_hint(error, "put it back from a backup, and find out who changed it");
    return GUAN_TAMPERED;
}

static int check_blob(struct store *store, const struct hash *hash, uint64_t size, const char *hex, struct guan_error *error)
{
    struct arena *arena = arena_new();
    const char *bytes;
    size_t length = 0;
    int code = arena ? store_blob(store, arena, hash, &bytes, &length, error) : error_memory(error);
    if (code == GUAN_USAGE || (!code && length != size)) code = wrong_file(store, hex, "is gone", error);
    arena_free(arena);
    return code;
}

int store_evidence_check(struct store *store, const struct hash *hash, uint64_t size, struct guan_error *error)
{
    char hex[HASH_HEX];
    const char *wrong = NULL;
    hash_hex(hash, hex);
    if (!store->evidence) return check_blob(store, hash, size, hex, error);
    int shelf = open_shelf(store, hex, false);
    int found = shelf < 0 ? -1 : whole(shelf, hex, hash, size, &wrong), why = errno;
    if (shelf >= 0) close(shelf);
    if (found == 0) return wrong ? wrong_file(store, hex, wrong, error) : GUAN_OK;
    errno = why;
    if (why == ENOENT || why == ENOTDIR) return wrong_file(store, hex, "is gone", error);
    if (why == ELOOP) return wrong_file(store, hex, "is a symbolic link", error);
    return failed(store->evidence, "the evidence cannot be looked at", error);
}

int store_evidence_remove(struct store *store, const struct hash *hash, struct guan_error *error)
{
    char hex[HASH_HEX];
    hash_hex(hash, hex);
    if (!store->evidence) return GUAN_OK; /* it goes with the store */
    int shelf = open_shelf(store, hex, false);
    if (shelf < 0) return errno == ENOENT ? GUAN_OK : failed(store->evidence, "the evidence cannot be removed", error);
    bool gone = (unlinkat(shelf, hex, 0) == 0 || errno == ENOENT) && fsync(shelf) == 0;
    int code = gone ? GUAN_OK : failed(store->evidence, "the evidence cannot be removed", error);
    close(shelf);
    return code;
}
