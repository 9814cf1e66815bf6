/* Recorded against re-performed: entries byte by byte, digests by their disclosures. */
#include "case/replay.h"

#include <stdlib.h>
#include <string.h>

void replay_differs(struct replay_report *report, const char *where, const char *row, uint64_t n, const char *text)
{
    if (report->status == REPLAY_DIFFERENT) return;
    report->status = REPLAY_DIFFERENT;
    report->where = where;
    report->row = row;
    report->n = n;
    report->text = text;
}

/* --- two values ---------------------------------------------------------------------------------------------------------------
 */

static int as_json(struct arena *arena, const struct value *value, const char **out, struct guan_error *error)
{
    struct buffer text = {0};
    *out = NULL;
    if (!value) return GUAN_OK;
    json_write(&text, value);
    if (!text.failed) *out = arena_text(arena, text.data, text.length);
    buffer_release(&text);
    return *out ? GUAN_OK : error_memory(error);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of two maps, sorted, so that it is the same key that is told first every time. */
static const char **keys_of(struct arena *arena, const struct value *a, const struct value *b, size_t *count)
{
    const char **keys = arena_alloc(arena, (value_count(a) + value_count(b) + 1) * sizeof *keys);
    *count = 0;
    for (size_t i = 0; keys && i < value_count(a); i++) keys[(*count)++] = a->as.map.items[i].key;
    for (size_t i = 0; keys && i < value_count(b); i++)
        if (!value_get(a, b->as.map.items[i].key)) keys[(*count)++] = b->as.map.items[i].key;
    if (keys && *count) qsort(keys, *count, sizeof *keys, by_key);
    return keys;
}

/* `prev` follows from everything before it, so it is told only when nothing else is to be told. */
static bool differing_key(const struct value *a, const struct value *b, const char *const *keys, size_t count, const char **out)
{
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct value *x = value_get(a, keys[i]), *y = value_get(b, keys[i]);
        if (x && y && value_equal(x, y)) continue;
        if (!*out || strcmp(*out, "prev") == 0) *out = keys[i];
    }
    return *out != NULL;
}

int replay_difference(struct arena *arena, const struct value *a, const struct value *b, struct replay_report *report,
                      struct guan_error *error)
{
    for (;;) {
        const char *key = NULL;
        if (a && b && a->kind == VALUE_MAP && b->kind == VALUE_MAP) {
            size_t count;
            const char **keys = keys_of(arena, a, b, &count);
            if (!keys) return error_memory(error);
            if (!differing_key(a, b, keys, count, &key)) break;
            a = value_get(a, key);
            b = value_get(b, key);
        } else if (a && b && a->kind == VALUE_LIST && b->kind == VALUE_LIST && value_count(a) == value_count(b)) {
            size_t i = 0;
            while (i < value_count(a) && value_equal(value_at(a, i), value_at(b, i))) i++;
            if (i == value_count(a) || value_at(a, i)->kind < VALUE_LIST) break; /* a list of words is told whole */
            key = arena_printf(arena, "%zu", i);
            a = value_at(a, i);
            b = value_at(b, i);
        } else {
            break;
        }
        report->key = report->key ? arena_printf(arena, "%s.%s", report->key, key) : key;
    }
    int code = as_json(arena, a, &report->recorded, error);
    return code == GUAN_OK ? as_json(arena, b, &report->performed, error) : code;
}

/* --- entries ------------------------------------------------------------------------------------------------------------------
 */

static int tell_entry(const struct entry_row *recorded, const struct entry_row *performed, uint64_t n, struct arena *arena,
                      struct replay_report *report, struct guan_error *error)
{
    struct value *a = NULL, *b = NULL;
    int code = recorded ? json_read(arena, recorded->bytes, recorded->length, &a, error) : GUAN_OK;
    if (code == GUAN_OK) code = json_read(arena, performed->bytes, performed->length, &b, error);
    if (code != GUAN_OK) return code;
    replay_differs(report, "entry", NULL, n, NULL);
    /* Of another kind, or with one too many, all else differs, too. */
    const char *x = value_get_text(a, "kind"), *y = value_get_text(b, "kind");
    if (x && y && strcmp(x, y) == 0) return replay_difference(arena, a, b, report, error);
    report->key = "kind";
    return replay_difference(arena, value_get(a, "kind"), value_get(b, "kind"), report, error);
}

int replay_compare(struct guan *scratch, const struct entry_row *recorded, size_t count, size_t from, size_t to,
                   struct arena *arena, struct replay_report *report, struct guan_error *error)
{
    for (size_t i = from; i < to && report->status == REPLAY_IDENTICAL; i++) {
        struct entry_row row;
        int code = store_entry(scratch->store, scratch->arena, i, &row, error);
        if (code != GUAN_OK) return code;
        if (i < count && row.length == recorded[i].length && memcmp(row.bytes, recorded[i].bytes, row.length) == 0) {
            report->entries++;
            continue;
        }
        code = tell_entry(i < count ? &recorded[i] : NULL, &row, i + 1, arena, report, error);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}

/* --- digests ------------------------------------------------------------------------------------------------------------------
 */

/* Does the machine's view of a disclosed value fit it? What names a party was judged when it was typed. */
static int fits(const struct value *value, const struct value *seen, const struct hash *secret, struct arena *arena, bool *out,
                struct guan_error *error)
{
    const char *token, *text = value_as_text(seen);
    *out = true;
    if (!seen || (text && text_starts(text, "party:"))) return GUAN_OK;
    if (seen->kind == VALUE_LIST) {
        *out = value && value->kind == VALUE_LIST && value_count(value) == value_count(seen);
        for (size_t i = 0; *out && i < value_count(seen); i++) {
            int code = fits(value_at(value, i), value_at(seen, i), secret, arena, out, error);
            if (code != GUAN_OK) return code;
        }
        return GUAN_OK;
    }
    int code = personal_token(arena, secret, value, &token, error);
    if (code == GUAN_OK) *out = text && strcmp(text, token) == 0;
    return code;
}

int replay_disclosures(struct guan *guan, const char *kase, const struct value *entry, const struct hash *secret,
                       struct arena *arena, struct replay_report *report, struct guan_error *error)
{
    const struct value *digests = value_get(entry, "sd"), *tokens = value_get(entry, "tok");
    uint64_t n = (uint64_t)value_get_int(entry, "n");
    for (size_t i = 0; i < value_count(digests) && report->status == REPLAY_IDENTICAL; i++) {
        struct hash digest, found;
        const char *text = NULL, *path = NULL, *hex = value_as_text(value_at(digests, i));
        struct value *value;
        bool good = hex && hash_from_hex(hex, &digest);
        int code = good ? store_disclosure(guan->store, arena, kase, &digest, &text, error) : GUAN_OK;
        if (code != GUAN_OK) return code;
        if (good && !text) continue; /* erased; whether it was, verify says */
        if (good) good = hash_bytes(text, strlen(text), &found) == GUAN_OK && hash_equal(&digest, &found);
        if (good) good = personal_read(arena, text, &path, &value, NULL) == GUAN_OK;
        if (good && secret) code = fits(value, value_get(tokens, path), secret, arena, &good, error);
        if (code != GUAN_OK) return code;
        if (good) continue;
        replay_differs(report, "disclosure", path, n, "a personal value is not the one that was recorded");
        report->key = "sd";
        report->recorded = hex;
    }
    return GUAN_OK;
}
