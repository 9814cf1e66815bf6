/* Definitions and houses: published as blobs under their hashes, put together again as a bundle when a case needs them. */
#include "case/kase.h"

#include <stdlib.h>
#include <string.h>

static int by_line(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool belongs(const struct bundle_file *file, const char *dealer)
{
    if (!dealer) return !file->house;
    return file->house && (!file->dealer || strcmp(file->dealer, dealer) == 0);
}

int setting_manifest(const struct bundle *bundle, const char *dealer, struct buffer *out, struct hash *hash,
                     struct guan_error *error)
{
    size_t count = bundle_count(bundle), used = 0;
    struct arena *arena = arena_new();
    if (!arena) return error_memory(error);
    const char **lines = arena_alloc(arena, (count + 1) * sizeof *lines);
    for (size_t i = 0; lines && i < count; i++) {
        const struct bundle_file *file = bundle_at(bundle, i);
        char hex[HASH_HEX];
        if (!belongs(file, dealer)) continue;
        hash_hex(&file->hash, hex);
        lines[used] = arena_printf(arena, "%s  %s\n", hex, file->path);
        if (lines[used]) used++;
    }
    if (!arena_failed(arena)) {
        qsort(lines, used, sizeof *lines, by_line);
        for (size_t i = 0; i < used; i++) buffer_text(out, lines[i]);
    }
    bool failed = arena_failed(arena) || out->failed;
    arena_free(arena);
    if (failed) return error_memory(error);
    return hash_bytes(out->data ? out->data : "", out->length, hash);
}

/* For the bundle: the bytes, if they are still those that were published. The store looks: what the record names is what runs. */
static int fetch(void *user, struct arena *arena, const struct hash *hash, const char **bytes, size_t *length,
                 struct guan_error *error)
{
    struct guan *guan = user; /* not its store: a stage gets a new one for every story, with the same files */
    return store_blob(guan->store, arena, hash, bytes, length, error);
}

/* Adds the files that a manifest names; they are read when they are used. */
static int add_files(struct guan *guan, struct bundle *bundle, const struct hash *manifest, struct guan_error *error)
{
    struct arena *arena = arena_new();
    if (!arena) return error_memory(error);
    const char *text;
    size_t length;
    int code = store_blob(guan->store, arena, manifest, &text, &length, error);
    for (const char *line = code == GUAN_OK ? text : NULL; line && line < text + length && code == GUAN_OK;) {
        const char *end = memchr(line, '\n', (size_t)(text + length - line));
        struct hash hash;
        char hex[HASH_HEX];
        if (!end || end - line < HASH_HEX + 2) {
            code = error_set(error, GUAN_TAMPERED, "manifest", "a published manifest is not as it was written");
            break;
        }
        memcpy(hex, line, HASH_HEX - 1);
        hex[HASH_HEX - 1] = 0;
        char *path = arena_text(arena, line + HASH_HEX + 1, (size_t)(end - line) - (HASH_HEX + 1));
        if (!hash_from_hex(hex, &hash)) code = error_set(error, GUAN_TAMPERED, "manifest", "a published manifest holds no hash");
        else if (!path) code = error_memory(error);
        if (code == GUAN_OK) code = bundle_add_published(bundle, path, &hash, error);
        line = end + 1;
    }
    arena_free(arena);
    return code;
}

static void setting_free(struct setting *setting)
{
    hooks_free(setting->hooks);
    bundle_free(setting->bundle);
    memory_free(setting);
}

/* The files by name and hash; nothing is read of them. */
static int setting_open(struct guan *guan, struct setting *setting, struct guan_error *error)
{
    int code = bundle_new_published(fetch, guan, &setting->bundle, error);
    if (code == GUAN_OK) code = add_files(guan, setting->bundle, &setting->def, error);
    return code == GUAN_OK ? add_files(guan, setting->bundle, &setting->house_hash, error) : code;
}

/* All that a case needs of it. */
static int setting_complete(struct guan *guan, struct setting *setting, const char *dealer, struct guan_error *error)
{
    const struct house *house;
    if (setting->catalogue) return GUAN_OK;
    int code = bundle_house(setting->bundle, dealer, &house, error);
    if (code != GUAN_OK) return code;
    setting->house = house;
    if (house->hooks) code = hooks_load(guan->script, house->hooks, house->hooks_length, "hooks.lua", &setting->hooks, error);
    if (code == GUAN_OK) setting->catalogue = house->catalogue;
    return code;
}

static int house_hash(struct guan *guan, const char *dealer, struct hash *out, struct guan_error *error)
{
    const char *hex;
    int code = store_info(guan->store, guan->arena, arena_printf(guan->arena, "house.%s", dealer), &hex, error);
    if (code == GUAN_OK && (!hex || !hash_from_hex(hex, out)))
        return error_set(error, GUAN_USAGE, "unknown-dealer", "dealer \"%s\" is not deployed here", dealer);
    return code;
}

int setting_get(struct guan *guan, const struct hash *def, const char *dealer, struct setting **out, struct guan_error *error)
{
    struct hash house;
    int code = house_hash(guan, dealer, &house, error);
    return code == GUAN_OK ? setting_at(guan, def, &house, dealer, out, error) : code;
}

/* The setting as far as it is read. */
static int setting_find(struct guan *guan, const struct hash *def, const struct hash *house, struct setting **out,
                        struct guan_error *error)
{
    for (struct setting *s = guan->settings; s; s = s->next) {
        if (hash_equal(&s->def, def) && hash_equal(&s->house_hash, house) && !bundle_failed(s->bundle)) {
            *out = s;
            return GUAN_OK;
        }
    }
    struct setting *setting = memory_alloc(sizeof *setting);
    if (!setting) return error_memory(error);
    setting->def = *def;
    setting->house_hash = *house;
    int code = setting_open(guan, setting, error);
    if (code != GUAN_OK) {
        setting_free(setting);
        return code;
    }
    setting->next = guan->settings;
    guan->settings = setting;
    *out = setting;
    return GUAN_OK;
}

int setting_at(struct guan *guan, const struct hash *def, const struct hash *house, const char *dealer, struct setting **out,
               struct guan_error *error)
{
    int code = setting_find(guan, def, house, out, error);
    return code == GUAN_OK ? setting_complete(guan, *out, dealer, error) : code;
}

int setting_brief(struct guan *guan, const struct hash *def, const char *dealer, struct setting **out, struct guan_error *error)
{
    struct hash house;
    int code = house_hash(guan, dealer, &house, error);
    if (code == GUAN_OK) code = setting_find(guan, def, &house, out, error);
    return code == GUAN_OK ? bundle_people((*out)->bundle, dealer, &(*out)->house, error) : code;
}

void settings_free(struct guan *guan)
{
    while (guan->settings) {
        struct setting *next = guan->settings->next;
        setting_free(guan->settings);
        guan->settings = next;
    }
}
