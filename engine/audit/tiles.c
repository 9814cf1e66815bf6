/* The sealed record as static files (C2SP tlog-tiles): anybody can serve them, and fetch and verify what he needs. A full tile
 * never changes, so a second export only adds; that it goes on from the first is checked before anything is written. */
#include "audit/desk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { WIDTH = 256, WIDTH_BITS = 8, PATH_BYTES = 4200 };

struct tiling {
    struct guan *guan;
    const char *dir;
    uint64_t size, before; /* entries now; of the export that is gone on from */
    struct arena *arena;   /* of one tile */
    uint64_t files;
};

/* N in groups of three digits, all but the last with an x: x001/x234/067. */
static void tile_number(char *out, size_t size, uint64_t n)
{
    unsigned groups[7], count = 0;
    do groups[count++] = (unsigned)(n % 1000);
    while ((n /= 1000) > 0);
    size_t used = 0;
    while (count-- > 0 && used < size) {
        int put = snprintf(out + used, size - used, "%s%03u%s", count ? "x" : "", groups[count], count ? "/" : "");
        used += put > 0 ? (size_t)put : 0;
    }
}

/* tile/<what>/<N>[.p/<W>] below the folder, its folders made. */
static int tile_path(const struct tiling *tiling, const char *what, uint64_t n, uint64_t width, char out[PATH_BYTES],
                     struct guan_error *error)
{
    char digits[64], partial[16] = "";
    tile_number(digits, sizeof digits, n);
    if (width < WIDTH) snprintf(partial, sizeof partial, ".p/%u", (unsigned)width);
    if (snprintf(out, PATH_BYTES, "%s/tile/%s/%s%s", tiling->dir, what, digits, partial) >= PATH_BYTES)
        return error_set(error, GUAN_USAGE, "file", "the folder's name is too long");
    for (char *slash = strchr(out + strlen(tiling->dir) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(out, 0777) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made) return error_set(error, GUAN_FAILED, "file", "the folder of %s cannot be made: %s", out, strerror(errno));
    }
    return GUAN_OK;
}

static int write_tile(struct tiling *tiling, const char *what, uint64_t n, uint64_t width, const struct buffer *bytes,
                      struct guan_error *error)
{
    char path[PATH_BYTES];
    if (bytes->failed) return error_memory(error);
    int code = tile_path(tiling, what, n, width, path, error);
    if (code == GUAN_OK) code = desk_write(path, bytes->data, bytes->length, 0644, error);
    tiling->files += code == GUAN_OK;
    return code;
}

/* One tile of hashes, each the root of 256^level entries. */
static int hash_tile(struct tiling *tiling, unsigned level, uint64_t n, uint64_t width, struct guan_error *error)
{
    struct buffer bytes = {0};
    unsigned k = level * WIDTH_BITS;
    char name[8];
    int code = GUAN_OK;
    arena_reset(tiling->arena);
    for (uint64_t i = n * WIDTH; i < n * WIDTH + width && code == GUAN_OK; i++) {
        struct hash hash;
        code = proof_subtree(tiling->guan->store, tiling->arena, k, ((i + 1) << k) - 1, &hash, error);
        buffer_add(&bytes, hash.bytes, HASH_BYTES);
    }
    snprintf(name, sizeof name, "%u", level);
    if (code == GUAN_OK) code = write_tile(tiling, name, n, width, &bytes, error);
    buffer_release(&bytes);
    return code;
}

/* The entries of one tile of level 0: length, bytes. */
static int entry_tile(struct tiling *tiling, uint64_t n, uint64_t width, struct guan_error *error)
{
    struct buffer bytes = {0};
    int code = GUAN_OK;
    arena_reset(tiling->arena);
    for (uint64_t i = n * WIDTH; i < n * WIDTH + width && code == GUAN_OK; i++) {
        struct entry_row row;
        struct hash leaf;
        code = store_entry(tiling->guan->store, tiling->arena, i, &row, error);
        if (code == GUAN_OK && merkle_leaf(row.bytes, row.length, &leaf)) code = error_memory(error);
        if (code == GUAN_OK && !hash_equal(&leaf, &row.leaf)) {
            code = error_set(error, GUAN_TAMPERED, "ledger", "leaf %llu was changed: it does not have its hash",
                             (unsigned long long)i);
            error_hint(error, "guan audit verify tells more");
        }
        if (code != GUAN_OK) break;
        buffer_byte(&bytes, (char)(row.length >> 8));
        buffer_byte(&bytes, (char)(row.length & 0xFF));
        buffer_add(&bytes, row.bytes, row.length);
    }
    if (code == GUAN_OK) code = write_tile(tiling, "entries", n, width, &bytes, error);
    buffer_release(&bytes);
    return code;
}

/* From the first tile that was not full before to the last, which may be partial. */
static int export_level(struct tiling *tiling, unsigned level, struct guan_error *error)
{
    unsigned k = level * WIDTH_BITS;
    uint64_t count = tiling->size >> k;
    int code = GUAN_OK;
    for (uint64_t n = (tiling->before >> k) / WIDTH; n * WIDTH < count && code == GUAN_OK; n++) {
        uint64_t width = count - n * WIDTH < WIDTH ? count - n * WIDTH : WIDTH;
        code = hash_tile(tiling, level, n, width, error);
        if (code == GUAN_OK && level == 0) code = entry_tile(tiling, n, width, error);
    }
    return code;
}

/* What was exported there before has to be the beginning of what is exported now. */
static int look_before(struct tiling *tiling, const char *checkpoint_path, const struct sealed *sealed, struct guan_error *error)
{
    struct sealed old = {0};
    struct hash root;
    struct arena *arena = tiling->guan->arena;
    struct stat status;
    if (stat(checkpoint_path, &status) != 0 && errno == ENOENT) return GUAN_OK;
    int code = desk_read(arena, checkpoint_path, NOTE_BYTES, &old.row.note, &old.row.length, error);
    if (code == GUAN_OK && sealed_read(&old, checkpoint_path, error) != GUAN_OK) code = GUAN_USAGE;
    if (code == GUAN_OK && old.row.size <= sealed->row.size)
        code = proof_root(tiling->guan->store, arena, old.row.size, &root, error);
    if (code != GUAN_OK) return code;
    if (strcmp(old.checkpoint.origin, sealed->checkpoint.origin) == 0 && old.row.size <= sealed->row.size &&
        hash_equal(&root, &old.checkpoint.root)) {
        tiling->before = old.row.size;
        return GUAN_OK;
    }
    error_set(error, GUAN_TAMPERED, "tiles", "what was exported here before is not the beginning of this record");
    error_where(error, "%s", checkpoint_path);
    error_hint(error, "guan audit verify --against %s tells more; another ledger wants another folder", checkpoint_path);
    return GUAN_TAMPERED;
}

static int export_all(struct tiling *tiling, struct sealed *sealed, struct guan_error *error)
{
    char path[PATH_BYTES];
    struct guan *guan = tiling->guan;
    if (snprintf(path, sizeof path, "%s/checkpoint", tiling->dir) >= PATH_BYTES)
        return error_set(error, GUAN_USAGE, "file", "the folder's name is too long");
    if (mkdir(tiling->dir, 0777) != 0 && errno != EEXIST) {
        error_set(error, GUAN_FAILED, "file", "the folder cannot be made: %s", strerror(errno));
        error_where(error, "%s", tiling->dir);
        return GUAN_FAILED;
    }
    struct hash root;
    int code = sealed_newest(guan, sealed, error);
    if (code == GUAN_OK) code = proof_root(guan->store, guan->arena, sealed->row.size, &root, error);
    if (code == GUAN_OK && !hash_equal(&root, &sealed->checkpoint.root)) {
        code = error_set(error, GUAN_TAMPERED, "ledger", "the newest checkpoint was signed over other entries");
        error_hint(error, "run guan audit verify");
    }
    if (code == GUAN_OK) code = look_before(tiling, path, sealed, error);
    tiling->size = sealed->row.size;
    for (unsigned level = 0; level < 8 && code == GUAN_OK; level++) code = export_level(tiling, level, error);
    /* Last: who reads the checkpoint finds all tiles that it needs. */
    if (code == GUAN_OK) code = desk_write(path, sealed->row.note, sealed->row.length, 0644, error);
    tiling->files += code == GUAN_OK;
    return code;
}

int guan_tiles(struct guan *guan, const char *dir, const struct guan_sink *sink, struct guan_error *error)
{
    struct sealed sealed = {0};
    struct ledger_head head;
    struct tiling tiling = {.guan = guan, .dir = dir, .arena = arena_new()};
    if (!tiling.arena) return error_memory(error);
    arena_reset(guan->arena);
    int code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = store_head(guan->store, &head, error);
    if (code == GUAN_OK) code = export_all(&tiling, &sealed, error);
    store_rollback(guan->store);
    arena_free(tiling.arena);
    if (code != GUAN_OK) return code;
    struct value *map = value_map(guan->arena);
    value_set_text(guan->arena, map, "dir", dir);
    value_set_int(guan->arena, map, "size", (int64_t)sealed.row.size);
    desk_set_root(guan->arena, map, "root", &sealed.checkpoint.root);
    value_set_int(guan->arena, map, "files", (int64_t)tiling.files);
    value_set_int(guan->arena, map, "unsealed", (int64_t)(head.size - sealed.row.size));
    return answer_put(sink, map, error);
}
