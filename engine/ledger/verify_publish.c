/* Definitions and houses while the record is recomputed: their manifests and files have the hashes that name them, what entries
 * ran under was published before, and a case's row is pinned to the definition that its entries say. */
#include "ledger/verify.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

static bool hash_of_slice(struct slice text, struct hash *out)
{
    char hex[HASH_HEX];
    if (text.length != HASH_HEX - 1) return false;
    memcpy(hex, text.at, HASH_HEX - 1);
    hex[HASH_HEX - 1] = '\0';
    return hash_from_hex(hex, out);
}

static int bad_file(struct verifier *verifier, uint64_t index, int code, const char *path, size_t length)
{
    if (code == GUAN_FAILED) return code;
    return verify_bad(verifier, index, "leaf %llu published %.*s, and it %s", (unsigned long long)index, (int)length, path,
                      code == GUAN_TAMPERED ? "was changed since: it does not have its hash" : "is gone");
}

/* Lines `sha256  path`. */
static int check_manifest(struct verifier *verifier, uint64_t index, const struct hash *hash)
{
    static const char whole[] = "a bundle";
    const char *lines, *bytes;
    size_t length, size;
    struct arena *keep = verifier->arena; /* the manifest; each file goes to an arena that is emptied after it */
    int code = store_blob(verifier->store, keep, hash, &lines, &length, verifier->error);
    if (code) return bad_file(verifier, index, code, whole, sizeof whole - 1);
    for (const char *at = lines, *end = lines + length; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct hash file;
        if (!stop || stop - at < HASH_HEX + 1 || !hash_of_slice((struct slice){at, HASH_HEX - 1}, &file))
            return verify_bad(verifier, index, "leaf %llu published a bundle whose list of files is none",
                              (unsigned long long)index);
        arena_reset(verifier->blob_arena);
        code = store_blob(verifier->store, verifier->blob_arena, &file, &bytes, &size, verifier->error);
        if (code) return bad_file(verifier, index, code, at + HASH_HEX + 1, (size_t)(stop - at) - HASH_HEX - 1);
        at = stop + 1;
    }
    return GUAN_OK;
}

static bool is_published(const struct verifier *verifier, const struct hash *hash)
{
    for (size_t i = verifier->published_count; i-- > 0;)
        if (hash_equal(&verifier->published[i], hash)) return true;
    return verifier->published_full;
}

static int publish(struct verifier *verifier, uint64_t index, const struct hash *hash)
{
    if (is_published(verifier, hash) && !verifier->published_full) return GUAN_OK;
    int code = check_manifest(verifier, index, hash);
    if (code) return code;
    if (verifier->published_count < PUBLISHED_MOST) verifier->published[verifier->published_count++] = *hash;
    else verifier->published_full = true;
    return GUAN_OK;
}

/* The definition that a case is pinned to by its entries: of the last `migrate`, else of the first. */
static int pinned(struct verifier *verifier, const struct case_row *row, struct hash *out)
{
    for (uint64_t index = row->last; index != UINT64_MAX;) {
        struct entry_row entry;
        struct entry_view view;
        int code = verify_entry(verifier, index, &entry, &view);
        if (code) return code;
        bool decides = view.n == 1 || (view.kind.length == 7 && memcmp(view.kind.at, "migrate", 7) == 0);
        if (decides && view.def.at) return hash_of_slice(view.def, out) ? GUAN_OK : GUAN_TAMPERED;
        if (entry.back >= index) return GUAN_TAMPERED;
        index = entry.back;
    }
    return GUAN_TAMPERED;
}

/* Asked at the first entry of a case: its row says what will be found if nothing was changed. */
static int check_pin(struct verifier *verifier, const struct entry_row *row, const struct entry_view *view,
                     const struct hash *def)
{
    char kase[ENTRY_CASE_BYTES + 1];
    struct case_row found;
    struct hash said;
    memcpy(kase, view->kase.at, view->kase.length);
    kase[view->kase.length] = '\0';
    int code = store_case(verifier->store, verifier->arena, kase, &found, verifier->error);
    if (code == GUAN_USAGE || (!code && hash_equal(&found.def, def))) return GUAN_OK; /* a row that is gone is told at the end */
    if (code == GUAN_TAMPERED)
        return verify_bad(verifier, row->index, "the row of case %.63s was changed: it cannot be read", kase);
    if (!code) code = pinned(verifier, &found, &said);
    if (code == GUAN_FAILED) return code;
    if (!code && hash_equal(&found.def, &said)) return GUAN_OK;
    return verify_bad(verifier, row->index, "case %.63s runs on another definition than the one that leaf %llu says", kase,
                      (unsigned long long)row->index);
}

int verify_publish_entry(struct verifier *verifier, const struct entry_row *row, const struct entry_view *view)
{
    struct hash def, house;
    unsigned long long number = row->index;
    bool publishes = view->kind.length == 7 && memcmp(view->kind.at, "publish", 7) == 0, own = verify_is_case(view, "-");
    if ((view->def.at && !hash_of_slice(view->def, &def)) || (view->house.at && !hash_of_slice(view->house, &house)))
        return verify_bad(verifier, row->index, "leaf %llu names a definition or house by a hash that is none", number);
    int code = GUAN_OK;
    if (publishes && own) {
        if (view->def.at) code = publish(verifier, row->index, &def);
        if (!code && view->house.at) code = publish(verifier, row->index, &house);
        return code;
    }
    if (view->def.at && !is_published(verifier, &def))
        return verify_bad(verifier, row->index, "leaf %llu runs on a definition that was never published", number);
    if (view->house.at && !hash_equal(&house, &verifier->house)) {
        if (!is_published(verifier, &house))
            return verify_bad(verifier, row->index, "leaf %llu runs in a house that was never published", number);
        verifier->house = house;
    }
    return view->def.at && view->n == 1 ? check_pin(verifier, row, view, &def) : GUAN_OK;
}

/* What the next case will run on. */
static int check_newest(struct verifier *verifier, const char *key)
{
    const char *text;
    struct hash hash;
    int code = store_info(verifier->store, verifier->arena, key, &text, verifier->error);
    if (code || !text) return code;
    if (hash_from_hex(text, &hash) && is_published(verifier, &hash)) return GUAN_OK;
    return verify_bad(verifier, verifier->tree.size, "the store's newest %s is one that was never published", key);
}

int verify_publish_end(struct verifier *verifier)
{
    const char *dealers;
    int code = check_newest(verifier, "def");
    if (!code) code = store_info(verifier->store, verifier->arena, "dealers", &dealers, verifier->error);
    while (!code && dealers && *dealers) {
        char key[200];
        size_t length = strcspn(dealers, " ");
        snprintf(key, sizeof key, "house.%.*s", (int)length, dealers);
        code = check_newest(verifier, key);
        dealers += length + (dealers[length] == ' ');
    }
    return code;
}
