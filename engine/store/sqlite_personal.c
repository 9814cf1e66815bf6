/* What can be erased: secrets, disclosures and names of a case. Deleted bytes are overwritten in the
 * file (secure_delete), and the commit that erases empties the log. */
#include "store/sqlite.h"

#include <string.h>

#define FOUND_AT_MOST 1000

int sqlite_secret_put(struct store *store, const char *kase, const struct hash *secret, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_SECRET_PUT, NULL, "INSERT INTO secrets (kase, secret) VALUES (?, ?)");
    query_bind_text(&query, kase);
    query_bind_hash(&query, secret);
    return query_run(&query, error);
}

int sqlite_secret(struct store *store, const char *kase, struct hash *out, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_SECRET, NULL, "SELECT secret FROM secrets WHERE kase = ?");
    query_bind_text(&query, kase);
    bool found = query_row(&query);
    if (found) *out = query_hash(&query, 0);
    int code = query_end(&query, error);
    if (code || found) return code;
    error_set(error, GUAN_USAGE, "no-such-secret", "the personal data of the case were erased");
    error_where(error, "%s", kase);
    return GUAN_USAGE;
}

int sqlite_disclosure_put(struct store *store, const char *kase, const struct hash *digest, const char *text,
                          struct guan_error *error)
{
    struct query query =
        query_start(store, SLOT_DISCLOSURE_PUT, NULL, "INSERT INTO disclosures (kase, digest, text) VALUES (?, ?, ?)");
    query_bind_text(&query, kase);
    query_bind_hash(&query, digest);
    query_bind_text(&query, text);
    return query_run(&query, error);
}

int sqlite_disclosure(struct store *store, struct arena *arena, const char *kase, const struct hash *digest, const char **text,
                      struct guan_error *error)
{
    struct query query = query_start(store, SLOT_DISCLOSURE, arena, "SELECT text FROM disclosures WHERE kase = ? AND digest = ?");
    query_bind_text(&query, kase);
    query_bind_hash(&query, digest);
    *text = query_row(&query) ? query_text(&query, 0, NULL) : NULL;
    return query_end(&query, error);
}

int sqlite_name_put(struct store *store, const char *kase, const struct name_row *row, struct guan_error *error)
{
    struct query query = query_start(store, SLOT_NAME_PUT, NULL,
                                     "INSERT INTO names (kase, id, name, role) VALUES (?, ?, ?, ?) "
                                     "ON CONFLICT DO UPDATE SET name = excluded.name, role = excluded.role");
    query_bind_text(&query, kase);
    query_bind_text(&query, row->id);
    query_bind_text(&query, row->name);
    query_bind_text(&query, row->role);
    return query_run(&query, error);
}

int sqlite_names(struct store *store, struct arena *arena, const char *kase, struct name_row **rows, size_t *count,
                 struct guan_error *error)
{
    struct query query = query_start(store, SLOT_NAMES, arena, "SELECT id, name, role FROM names WHERE kase = ? ORDER BY id");
    query_bind_text(&query, kase);
    *rows = NULL;
    *count = 0;
    while (query_row(&query)) {
        *rows = query_grow(&query, *rows, *count, sizeof **rows);
        if (!*rows) break;
        struct name_row *row = &(*rows)[(*count)++];
        row->id = query_text(&query, 0, NULL);
        row->name = query_text(&query, 1, NULL);
        row->role = query_text(&query, 2, NULL);
    }
    return query_end(&query, error);
}

/* The words as a LIKE pattern: each in its place, anything between. */
static void add_pattern(struct buffer *out, const char *words)
{
    bool between = true;
    buffer_byte(out, '%');
    for (; *words; words++) {
        bool blank = strchr(" \t\r\n", *words) != NULL;
        if (blank && !between) buffer_byte(out, '%');
        if (!blank && strchr("%_\\", *words)) buffer_byte(out, '\\');
        if (!blank) buffer_byte(out, *words);
        between = blank;
    }
    if (!between) buffer_byte(out, '%');
}

int sqlite_name_find(struct store *store, struct arena *arena, const char *words, const char ***ids, size_t *count,
                     struct guan_error *error)
{
    struct buffer pattern = {0};
    add_pattern(&pattern, words);
    if (pattern.failed) {
        buffer_release(&pattern);
        return error_memory(error);
    }
    struct query query = query_start(store, SLOT_NAME_FIND, arena,
                                     "SELECT DISTINCT kase FROM names WHERE name LIKE ? ESCAPE '\\' ORDER BY kase LIMIT ?");
    query_bind_text(&query, pattern.data);
    query_bind_int(&query, FOUND_AT_MOST);
    *ids = NULL;
    *count = 0;
    while (query_row(&query)) {
        *ids = query_grow(&query, *ids, *count, sizeof **ids);
        if (!*ids) break;
        (*ids)[(*count)++] = query_text(&query, 0, NULL);
    }
    int code = query_end(&query, error);
    buffer_release(&pattern);
    return code;
}

int sqlite_erase(struct store *store, const char *kase, struct guan_error *error)
{
    static const struct {
        enum sqlite_slot slot;
        const char *sql;
    } parts[] = {{SLOT_ERASE_SECRET, "DELETE FROM secrets WHERE kase = ?"},
                 {SLOT_ERASE_DISCLOSURES, "DELETE FROM disclosures WHERE kase = ?"},
                 {SLOT_ERASE_NAMES, "DELETE FROM names WHERE kase = ?"}};
    int code = GUAN_OK;
    for (size_t i = 0; !code && i < sizeof parts / sizeof parts[0]; i++) {
        struct query query = query_start(store, parts[i].slot, NULL, parts[i].sql);
        query_bind_text(&query, kase);
        code = query_run(&query, error);
    }
    if (!code) ((struct sqlite_store *)store)->erased = true;
    return code;
}
