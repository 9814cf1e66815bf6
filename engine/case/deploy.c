/* guan_deploy: checks a bundle, keeps its files as blobs, publishes what is new with an entry each. guan_check: the same eyes, no
 * store. */
#include "case/kase.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct told {
    const struct guan_sink *sink;
    struct arena *arena;
    size_t errors;
    const char *prefix; /* in front of a bundle's relative paths */
    const char *only;   /* one file's diagnostics only; NULL: all */
    bool stopped;
    struct stat whole; /* the folder that was told as a whole last; st_ino 0: none */
};

static void tell(void *user, const struct diagnostic *d)
{
    struct told *told = user;
    if (told->only && strcmp(told->only, d->file) != 0) return;
    if (d->error) told->errors++;
    struct value *map = value_map(told->arena);
    value_set(told->arena, map, "file", value_printf(told->arena, "%s%s", told->prefix ? told->prefix : "", d->file));
    value_set_int(told->arena, map, "line", d->place.line);
    value_set_int(told->arena, map, "col", d->place.col);
    value_set_text(told->arena, map, "severity", d->error ? "error" : "warning");
    value_set_text(told->arena, map, "rule", d->rule);
    value_set_text(told->arena, map, "text", d->text);
    value_set_text(told->arena, map, "hint", d->hint && d->hint[0] ? d->hint : NULL);
    if (!told->stopped && answer_put(told->sink, map, NULL) != GUAN_OK) told->stopped = true;
}

/* --- check -------------------------------------------------------------------------------------------------------------- */

/* The nearest folder at or above `path` that holds processes/; "" when there is none. */
static void bundle_above(const char *path, char *out, size_t size)
{
    struct stat info;
    char try[4200];
    snprintf(out, size, "%s", path);
    for (;;) {
        snprintf(try, sizeof try, "%s%sprocesses", out, out[0] ? "/" : "");
        if (stat(try, &info) == 0 && S_ISDIR(info.st_mode)) return;
        char *slash = strrchr(out, '/');
        if (slash && slash != out) *slash = 0;
        else if (strcmp(out, ".") != 0 && (!slash)) snprintf(out, size, ".");
        else break;
    }
    out[0] = 0;
}

/* A file outside any bundle: as plain SCXML, g: names unchecked. */
static int check_alone(const char *path, struct told *told, struct guan_error *error)
{
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return error_set(error, GUAN_USAGE, "no-such-file", "%s: there is no such file", path);
    if ((uint64_t)info.st_size > LIMIT_FILE_BYTES)
        return error_set(error, GUAN_NO, "file-too-large", "%s: %lld bytes are more than the %u that a definition may have", path,
                         (long long)info.st_size, LIMIT_FILE_BYTES);
    FILE *file = fopen(path, "rb");
    size_t size = (size_t)info.st_size;
    char *bytes = file ? arena_alloc(told->arena, size + 1) : NULL;
    if (!bytes || fread(bytes, 1, size, file) != size) {
        if (file) fclose(file);
        return error_set(error, GUAN_FAILED, "read", "%s: cannot be read", path);
    }
    fclose(file);
    struct chart_read_options options = {.file = path, .sink = tell, .sink_user = told};
    struct chart *chart;
    int code = chart_read(bytes, size, &options, &chart, error);
    if (code == GUAN_OK) chart_free(chart);
    return code;
}

static int check_path(const char *path, struct told *told, struct guan_error *error)
{
    struct stat info;
    char dir[4096];
    if (stat(path, &info) != 0) return error_set(error, GUAN_USAGE, "no-such-file", "%s: there is no such file or folder", path);
    if (S_ISREG(info.st_mode) && (uint64_t)info.st_size > LIMIT_FILE_BYTES) return check_alone(path, told, error);
    bundle_above(path, dir, sizeof dir);
    if (!dir[0]) return check_alone(path, told, error);
    struct stat at;
    bool known = stat(dir, &at) == 0 && told->whole.st_ino == at.st_ino && told->whole.st_dev == at.st_dev;
    if (known && S_ISDIR(info.st_mode)) return GUAN_OK; /* processes and scripts are one bundle */
    if (S_ISDIR(info.st_mode)) told->whole = at;
    struct bundle *bundle;
    int code = bundle_read(dir, &bundle, error);
    if (code != GUAN_OK) return code;
    const char *inside = strcmp(dir, ".") == 0 ? path : path + strlen(dir) + (path[strlen(dir)] == '/');
    if (strncmp(inside, "./", 2) == 0) inside += 2;
    bool found = !S_ISREG(info.st_mode);
    for (size_t i = 0; i < bundle_count(bundle) && !found; i++) found = strcmp(bundle_at(bundle, i)->path, inside) == 0;
    if (found) {
        if (S_ISREG(info.st_mode)) told->only = inside;
        told->prefix = strcmp(dir, ".") == 0 ? "" : arena_printf(told->arena, "%s/", dir);
        code = bundle_check(bundle, tell, told, error);
    } else {
        code = check_alone(path, told, error);
    }
    bundle_free(bundle);
    told->only = told->prefix = NULL;
    return code == GUAN_NO ? GUAN_OK : code;
}

int guan_check(const char *const *paths, size_t count, const struct guan_sink *sink, struct guan_error *error)
{
    struct told told = {.sink = sink, .arena = arena_new()};
    int code = told.arena ? GUAN_OK : error_memory(error);
    for (size_t i = 0; i < count && code == GUAN_OK; i++) {
        code = check_path(paths[i], &told, error);
        if (code == GUAN_NO && told.errors) code = GUAN_OK;
    }
    arena_free(told.arena);
    if (code != GUAN_OK) return code;
    return told.errors ? error_set(error, GUAN_NO, "invalid", "%zu errors", told.errors) : GUAN_OK;
}

/* --- deploy --------------------------------------------------------------------------------------------------------------- */

static int put_files(struct guan *guan, const struct bundle *bundle, struct guan_error *error)
{
    int code = GUAN_OK;
    for (size_t i = 0; i < bundle_count(bundle) && code == GUAN_OK; i++) {
        const struct bundle_file *file = bundle_at(bundle, i);
        code = store_blob_put(guan->store, &file->hash, file->bytes, file->length, error);
    }
    return code;
}

/* The dealers of the bundle, for `open` without --dealer. */
static const char *dealers_of(struct guan *guan, const struct bundle *bundle)
{
    struct buffer names = {0};
    for (size_t i = 0; i < bundle_dealer_count(bundle); i++)
        buffer_printf(&names, "%s%s", i ? " " : "", bundle_dealer_at(bundle, i));
    const char *text = names.failed ? NULL : arena_text(guan->arena, names.data ? names.data : "", names.length);
    buffer_release(&names);
    return text;
}

/* What the store says of itself is in the record, too, so that nobody changes it unseen: with a definition the clock, the trust
 * in names, the ledger's name and the dealers; with a house whose it is. */
static int say_store(struct guan *guan, struct value *entry, const char *dealer, const char *dealers, struct guan_error *error)
{
    struct value *facts = value_map(guan->arena);
    const char *origin = NULL;
    int code = dealer ? GUAN_OK : store_info(guan->store, guan->arena, "origin", &origin, error);
    value_set_text(guan->arena, entry, "origin", origin);
    value_set(guan->arena, entry, "facts", facts);
    if (dealer) {
        value_set_text(guan->arena, facts, "dealer", dealer);
        return code;
    }
    value_set_bool(guan->arena, facts, "virtual", (store_flags(guan->store) & STORE_VIRTUAL) != 0);
    value_set_bool(guan->arena, facts, "claimed", (store_flags(guan->store) & STORE_CLAIMED) != 0);
    value_set_text(guan->arena, facts, "dealers", dealers);
    return code;
}

/* Publishes one manifest under an info key, with an entry of the ledger's own when it is new, or the dealers are others. */
static int publish(struct guan *guan, const struct bundle *bundle, const char *dealer, instant now, struct ledger_head *head,
                   struct case_row *ledger_row, char hex[HASH_HEX], struct guan_error *error)
{
    struct buffer manifest = {0};
    struct hash hash;
    const char *key = dealer ? arena_printf(guan->arena, "house.%s", dealer) : "def", *old, *before = NULL;
    const char *dealers = dealers_of(guan, bundle);
    int code = setting_manifest(bundle, dealer, &manifest, &hash, error);
    if (code == GUAN_OK) code = store_blob_put(guan->store, &hash, manifest.data, manifest.length, error);
    buffer_release(&manifest);
    if (code == GUAN_OK) code = store_info(guan->store, guan->arena, key, &old, error);
    if (code == GUAN_OK && !dealer) code = store_info(guan->store, guan->arena, "dealers", &before, error);
    if (code != GUAN_OK) return code;
    if (!key || !dealers) return error_memory(error);
    hash_hex(&hash, hex);
    if (text_equal(old, hex) && (dealer || text_equal(before, dealers))) return GUAN_OK;
    char time[INSTANT_TEXT];
    instant_format(now, time);
    struct value *entry = value_map(guan->arena);
    value_set_text(guan->arena, entry, "kind", "publish");
    value_set_text(guan->arena, entry, "cause", guan_new_id(guan, guan->arena));
    value_set_int(guan->arena, entry, "sem", RECORD_SEM);
    value_set_text(guan->arena, entry, dealer ? "house" : "def", hex);
    value_set_text(guan->arena, entry, "at", time);
    value_set_text(guan->arena, entry, "rec", time);
    code = say_store(guan, entry, dealer, dealers, error);
    if (code == GUAN_OK) code = store_info_set(guan->store, key, hex, error);
    if (code == GUAN_OK && !dealer) code = store_info_set(guan->store, "dealers", dealers, error);
    return code == GUAN_OK ? ledger_append(guan->store, head, ledger_row, guan->arena, entry, error) : code;
}

static int publish_all(struct guan *guan, const struct bundle *bundle, struct value *answer, struct guan_error *error)
{
    struct ledger_head head;
    struct case_row row;
    char hex[HASH_HEX];
    struct value *houses = value_map(guan->arena);
    int code = store_head(guan->store, &head, error);
    if (code == GUAN_OK) code = store_case(guan->store, guan->arena, "-", &row, error);
    if (code != GUAN_OK) return code;
    instant now = store_flags(guan->store) & STORE_VIRTUAL ? (row.n ? row.rec : 0) : guan_wall_clock();
    if (row.n && now < row.rec) now = row.rec;
    code = put_files(guan, bundle, error);
    if (code == GUAN_OK) code = publish(guan, bundle, NULL, now, &head, &row, hex, error);
    if (code == GUAN_OK) value_set_text(guan->arena, answer, "def", hex);
    for (size_t i = 0; i < bundle_dealer_count(bundle) && code == GUAN_OK; i++) {
        code = publish(guan, bundle, bundle_dealer_at(bundle, i), now, &head, &row, hex, error);
        value_set_text(guan->arena, houses, bundle_dealer_at(bundle, i), hex);
    }
    value_set(guan->arena, answer, "houses", houses);
    if (code == GUAN_OK) code = store_case_save(guan->store, &row, error);
    return code == GUAN_OK ? store_head_save(guan->store, &head, error) : code;
}

/* A hooks.lua that cannot be loaded is found here, not by the first customer. */
static int check_hooks(struct guan *guan, struct bundle *bundle, struct guan_error *error)
{
    int code = GUAN_OK;
    for (size_t i = 0; i < bundle_dealer_count(bundle) && code == GUAN_OK; i++) {
        const struct house *house;
        struct hooks *hooks = NULL;
        code = bundle_house(bundle, bundle_dealer_at(bundle, i), &house, error);
        if (code != GUAN_OK || !house->hooks) continue;
        const char *chunk = arena_printf(guan->arena, "scripts/dealers/%s/hooks.lua", house->dealer);
        script_budget(guan->script, LIMIT_LUA_INSTRUCTIONS);
        code = hooks_load(guan->script, house->hooks, house->hooks_length, chunk ? chunk : "hooks.lua", &hooks, error);
        hooks_free(hooks);
    }
    return code;
}

int guan_publish_known(struct guan *guan, const struct bundle *bundle, const struct guan_sink *sink, struct guan_error *error)
{
    struct value *answer = value_map(guan->arena), *processes = value_list(guan->arena);
    int code = store_begin(guan->store, true, error);
    if (code == GUAN_OK) code = publish_all(guan, bundle, answer, error);
    if (code == GUAN_OK) code = store_commit(guan->store, error);
    if (code != GUAN_OK) {
        store_rollback(guan->store);
        return code;
    }
    for (size_t i = 0; i < bundle_process_count(bundle); i++)
        value_add(guan->arena, processes, value_text(guan->arena, bundle_process_at(bundle, i)));
    value_set(guan->arena, answer, "processes", processes);
    return answer_put(sink, answer, error);
}

int guan_publish(struct guan *guan, struct bundle *bundle, const struct guan_sink *sink, struct guan_error *error)
{
    arena_reset(guan->arena);
    struct told told = {.sink = sink, .arena = guan->arena};
    int code = bundle_check(bundle, tell, &told, error);
    if (code == GUAN_OK) code = check_hooks(guan, bundle, error);
    return code == GUAN_OK ? guan_publish_known(guan, bundle, sink, error) : code;
}

int guan_deploy(struct guan *guan, const char *dir, const struct guan_sink *sink, struct guan_error *error)
{
    struct bundle *bundle;
    int code = bundle_read(dir, &bundle, error);
    if (code != GUAN_OK) return code;
    code = guan_publish(guan, bundle, sink, error);
    bundle_free(bundle);
    return code;
}
