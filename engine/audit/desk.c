/* Entries of the ledger itself, and files: what the auditor's commands over keys, checkpoints and proofs have in common. */
#include "audit/desk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- entries of the ledger itself ---------------------------------------------------------------------------------- */

/* The last moment of the whole record. */
static int last_moment(struct guan *guan, const struct own *own, instant *out, struct guan_error *error)
{
    struct entry_row row;
    struct value *entry;
    *out = own->row.n ? own->row.rec : 0;
    if (own->head.size == 0) return GUAN_OK;
    int code = store_entry(guan->store, guan->arena, own->head.size - 1, &row, error);
    if (code == GUAN_OK) code = json_read(guan->arena, row.bytes, row.length, &entry, error);
    if (code != GUAN_OK) return code;
    const char *text = value_get_text(entry, "rec");
    instant rec;
    if (text && instant_parse(text, strlen(text), NULL, &rec, NULL) == GUAN_OK && rec > *out) *out = rec;
    return GUAN_OK;
}

int own_begin(struct guan *guan, struct own *own, struct guan_error *error)
{
    *own = (struct own){.guan = guan};
    int code = store_begin(guan->store, true, error);
    if (code == GUAN_OK) code = store_head(guan->store, &own->head, error);
    if (code == GUAN_OK) code = store_case(guan->store, guan->arena, "-", &own->row, error);
    instant last = 0;
    if (code == GUAN_OK) code = last_moment(guan, own, &last, error);
    own->now = store_flags(guan->store) & STORE_VIRTUAL ? last : guan_wall_clock();
    return code;
}

struct value *own_entry(struct own *own, const char *kind)
{
    struct arena *arena = own->guan->arena;
    struct value *entry = value_map(arena);
    char at[INSTANT_TEXT], rec[INSTANT_TEXT];
    instant_format(own->now, at);
    instant_format(own->row.n && own->now < own->row.rec ? own->row.rec : own->now, rec);
    value_set_text(arena, entry, "kind", kind);
    value_set_text(arena, entry, "cause", guan_new_id(own->guan, arena));
    value_set_int(arena, entry, "sem", RECORD_SEM);
    value_set_text(arena, entry, "at", at);
    value_set_text(arena, entry, "rec", rec);
    return entry;
}

int own_append(struct own *own, struct value *entry, struct guan_error *error)
{
    return ledger_append(own->guan->store, &own->head, &own->row, own->guan->arena, entry, error);
}

int own_end(struct own *own, struct guan_error *error)
{
    int code = store_case_save(own->guan->store, &own->row, error);
    return code == GUAN_OK ? store_head_save(own->guan->store, &own->head, error) : code;
}

void desk_set_root(struct arena *arena, struct value *map, const char *key, const struct hash *root)
{
    struct buffer text = {0};
    base64_add(&text, root->bytes, HASH_BYTES);
    if (!text.failed) value_set(arena, map, key, value_text_n(arena, text.data, text.length));
    buffer_release(&text);
}

/* --- files ---------------------------------------------------------------------------------------------------------- */

static int file_failed(const char *path, const char *what, struct guan_error *error)
{
    bool absent = errno == ENOENT || errno == ENOTDIR;
    if (absent) error_set(error, GUAN_USAGE, "no-such-file", "there is no such file");
    else error_set(error, GUAN_FAILED, "file", "the file cannot be %s: %s", what, strerror(errno));
    error_where(error, "%s", path);
    return absent ? GUAN_USAGE : GUAN_FAILED;
}

int desk_read(struct arena *arena, const char *path, size_t most, const char **bytes, size_t *length, struct guan_error *error)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        int code = file_failed(path, "read", error);
        if (file >= 0) close(file);
        return code;
    }
    if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size > most) {
        close(file);
        error_set(error, GUAN_USAGE, "file", "this is not a file of at most %zu bytes", most);
        error_where(error, "%s", path);
        return GUAN_USAGE;
    }
    size_t size = (size_t)status.st_size, got = 0;
    char *data = arena_alloc(arena, size + 1);
    while (data && got < size) {
        ssize_t part = read(file, data + got, size - got);
        if (part <= 0) break;
        got += (size_t)part;
    }
    close(file);
    if (!data) return error_memory(error);
    *bytes = data;
    *length = got;
    return GUAN_OK;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t put = write(file, bytes, length);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        bytes += put;
        length -= (size_t)put;
    }
    return true;
}

int desk_write(const char *path, const void *bytes, size_t length, unsigned mode, struct guan_error *error)
{
    char part[4200];
    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part) errno = ENAMETOOLONG;
    else unlink(part);
    int file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    bool done = file >= 0 && write_all(file, bytes, length) && fsync(file) == 0;
    if (file >= 0 && close(file) != 0) done = false;
    if (done && rename(part, path) == 0) return GUAN_OK;
    error_set(error, GUAN_FAILED, "file", "the file cannot be written: %s", strerror(errno));
    error_where(error, "%s", path);
    if (file >= 0) unlink(part);
    return GUAN_FAILED;
}
