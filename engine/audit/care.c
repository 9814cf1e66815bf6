/* Care of the store: a copy, a look at its structure, figures, and a copy taken into use again. */
#include "audit/desk.h"

#include <sys/stat.h>
#include <unistd.h>

int guan_store_backup(struct guan *guan, const char *file, const struct guan_sink *sink, struct guan_error *error)
{
    uint64_t entries;
    struct stat status;
    arena_reset(guan->arena);
    int code = store_backup(guan->store, file, &entries, error);
    if (code != GUAN_OK) return code;
    struct value *map = value_map(guan->arena);
    value_set_text(guan->arena, map, "file", file);
    value_set_int(guan->arena, map, "entries", (int64_t)entries);
    if (stat(file, &status) == 0) value_set_int(guan->arena, map, "bytes", (int64_t)status.st_size);
    return answer_put(sink, map, error);
}

struct telling {
    struct guan *guan;
    const struct guan_sink *sink;
    struct guan_error *error;
};

static int tell(void *user, const char *text)
{
    struct telling *telling = user;
    struct value *map = value_map(telling->guan->arena);
    value_set_text(telling->guan->arena, map, "text", text);
    return answer_put(telling->sink, map, telling->error);
}

int guan_store_check(struct guan *guan, const struct guan_sink *sink, struct guan_error *error)
{
    struct telling telling = {guan, sink, error};
    struct store_figures figures = {0};
    arena_reset(guan->arena);
    int code = store_check(guan->store, tell, &telling, error);
    if (code == GUAN_OK || code == GUAN_TAMPERED) {
        int more = store_figures(guan->store, &figures, code == GUAN_OK ? error : NULL);
        if (more != GUAN_OK && code == GUAN_OK) code = more;
    }
    if (code != GUAN_OK && code != GUAN_TAMPERED) return code;
    struct value *map = value_map(guan->arena);
    value_set_bool(guan->arena, map, "ok", code == GUAN_OK);
    value_set_int(guan->arena, map, "bytes", (int64_t)figures.file_bytes);
    value_set_int(guan->arena, map, "free_bytes", (int64_t)figures.disk_free_bytes);
    int put = answer_put(sink, map, error);
    return put != GUAN_OK ? put : code;
}

int guan_store_stats(struct guan *guan, const struct guan_sink *sink, struct guan_error *error)
{
    struct store_figures figures;
    arena_reset(guan->arena);
    int code = store_figures(guan->store, &figures, error);
    if (code != GUAN_OK) return code;
    const struct {
        const char *name;
        uint64_t figure;
    } all[] = {{"cases", figures.cases},
               {"entries", figures.entries},
               {"entry_bytes", figures.entry_bytes},
               {"bytes_per_entry", figures.entries ? (figures.file_bytes - figures.unused_bytes) / figures.entries : 0},
               {"checkpoints", figures.checkpoints},
               {"sessions", figures.sessions},
               {"timers", figures.timers},
               {"disclosures", figures.disclosures},
               {"commands", figures.commands},
               {"blobs", figures.blobs},
               {"blob_bytes", figures.blob_bytes},
               {"evidence", figures.evidence},
               {"evidence_bytes", figures.evidence_bytes},
               {"bytes", figures.file_bytes},
               {"unused_bytes", figures.unused_bytes},
               {"log_bytes", figures.log_bytes},
               {"free_bytes", figures.disk_free_bytes}};
    struct value *map = value_map(guan->arena);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) value_set_int(guan->arena, map, all[i].name, (int64_t)all[i].figure);
    return answer_put(sink, map, error);
}

/* --- a backup taken into use ----------------------------------------------------------------------------------------- */

/* The outside checkpoint has to be the ledger's own, and what the backup has of it the same. */
static int compare(struct guan *guan, const struct sealed *outside, uint64_t size, struct guan_error *error)
{
    struct note_key key;
    struct hash root;
    bool valid = false;
    int code = key_current(guan, &key, error);
    if (code == GUAN_OK) code = note_verify(&outside->note, &key, &valid, NULL, error);
    if (code == GUAN_OK && !valid) {
        error_set(error, GUAN_NO, "checkpoint", "the checkpoint is not signed by the key that the backup names, %s", key.name);
        error_hint(error, "a checkpoint of another time, before the key was changed, may do");
        return GUAN_NO;
    }
    if (code != GUAN_OK || outside->row.size > size) return code;
    code = proof_root(guan->store, guan->arena, outside->row.size, &root, error);
    if (code == GUAN_OK && !hash_equal(&root, &outside->checkpoint.root))
        code = error_set(error, GUAN_TAMPERED, "ledger", "the backup is not the record that the checkpoint was signed over");
    return code;
}

static int record_restore(struct guan *guan, const struct sealed *outside, uint64_t *size, uint64_t *lost,
                          struct guan_error *error)
{
    struct own own;
    int code = own_begin(guan, &own, error);
    if (code == GUAN_OK) code = compare(guan, outside, own.head.size, error);
    if (code == GUAN_OK) {
        struct value *entry = own_entry(&own, "restore"), *map = value_map(guan->arena);
        *size = own.head.size;
        *lost = outside->row.size > own.head.size ? outside->row.size - own.head.size : 0;
        value_set_int(guan->arena, map, "size", (int64_t)outside->row.size);
        desk_set_root(guan->arena, map, "root", &outside->checkpoint.root);
        value_set(guan->arena, entry, "checkpoint", map);
        value_set_int(guan->arena, entry, "lost", (int64_t)*lost);
        value_set(guan->arena, entry, "auth", value_printf(guan->arena, "os:%u", (unsigned)geteuid()));
        code = own_append(&own, entry, error);
    }
    if (code == GUAN_OK) code = own_end(&own, error);
    if (code == GUAN_OK) return store_commit(guan->store, error);
    store_rollback(guan->store);
    return code;
}

/* The copy in its place is verified before it is written to. */
static int take_into_use(struct guan *guan, const char *against, const char *path, const struct guan_sink *sink,
                         struct guan_error *error)
{
    struct arena *arena = arena_new();
    struct sealed outside = {0};
    struct ledger_report *report = arena ? arena_alloc(arena, sizeof *report) : NULL;
    uint64_t size = 0, lost = 0;
    int code =
        report ? desk_read(arena, against, NOTE_BYTES, &outside.row.note, &outside.row.length, error) : error_memory(error);
    if (code == GUAN_OK && sealed_read(&outside, against, error) != GUAN_OK) code = GUAN_USAGE;
    if (code == GUAN_OK) code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) {
        code = ledger_verify(guan->store, NULL, report, error);
        store_rollback(guan->store);
    }
    arena_reset(guan->arena);
    if (code == GUAN_OK) code = record_restore(guan, &outside, &size, &lost, error);
    if (code == GUAN_OK) {
        struct value *map = value_map(guan->arena);
        value_set_text(guan->arena, map, "store", path);
        value_set_int(guan->arena, map, "size", (int64_t)size);
        value_set_int(guan->arena, map, "lost", (int64_t)lost);
        code = answer_put(sink, map, error);
    }
    arena_free(arena);
    return code;
}

int guan_store_restore(const char *path, const char *backup, const char *against, const struct guan_sink *sink,
                       struct guan_error *error)
{
    struct store *from;
    struct guan *guan = NULL;
    int code = store_open(backup, &from, error);
    if (code != GUAN_OK) return code;
    code = store_backup(from, path, NULL, error);
    store_close(from);
    if (code != GUAN_OK) return code;
    code = guan_open(path, &guan, error);
    if (code == GUAN_OK) code = take_into_use(guan, against, path, sink, error);
    guan_close(guan);
    if (code != GUAN_OK) unlink(path); /* it was made here; the backup is untouched */
    return code;
}
