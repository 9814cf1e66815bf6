/* Recomputing the record in one pass over the entries, in memory that does not grow with them.
 *
 * Why the links suffice: each entry names the one before it in its case by index (`back`) and by hash (`prev`), which has to be
 * of the same case and one lower in `n`. So from the last entry of a case, that its row names, there hangs a chain of exactly `n`
 * entries; chains of different cases share none; when the `n` of all cases add up to the size of the ledger, every entry hangs in
 * a chain. */
#include "ledger/verify.h"

#include <stdio.h>
#include <string.h>

#define PROGRESS_EVERY 4096

int verify_entry(struct verifier *verifier, uint64_t index, struct entry_row *row, struct entry_view *view)
{
    *view = (struct entry_view){0};
    int code = store_entry(verifier->store, verifier->arena, index, row, verifier->error);
    if (code) return code == GUAN_USAGE ? GUAN_TAMPERED : code;
    return entry_scan(row->bytes, row->length, view) ? GUAN_TAMPERED : GUAN_OK;
}

bool verify_is_case(const struct entry_view *view, const char *kase)
{
    return view->kase.at && strlen(kase) == view->kase.length && memcmp(kase, view->kase.at, view->kase.length) == 0;
}

static void copy_slice(char *out, size_t size, struct slice text)
{
    size_t length = text.length < size ? text.length : size - 1;
    if (length) memcpy(out, text.at, length);
    out[length] = '\0';
}

int verify_bad(struct verifier *verifier, uint64_t index, const char *format, ...)
{
    struct ledger_report *report = verifier->report;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(report->text, sizeof report->text, format, arguments);
    va_end(arguments);
    report->bad = true;
    report->bad_index = index;
    struct entry_row row;
    struct entry_view view = {0};
    if (index != NO_ENTRY && verify_entry(verifier, index, &row, &view) == GUAN_FAILED) return GUAN_FAILED;
    copy_slice(report->bad_case, sizeof report->bad_case, view.kase);
    report->bad_n = (uint64_t)view.n;
    error_set(verifier->error, GUAN_TAMPERED, "ledger", "%s", report->text);
    if (index != NO_ENTRY) error_where(verifier->error, "leaf %llu", (unsigned long long)index);
    error_hint(verifier->error, "use a backup, and find out who changed the store");
    return GUAN_TAMPERED;
}

/* --- the chain of the case ---------------------------------------------------------------------------------------------------
 */

static void remember(struct verifier *verifier, const struct entry_row *row, const struct entry_view *view)
{
    struct seen *seen = &verifier->seen[row->index % SEEN_SLOTS];
    seen->index = row->index;
    seen->leaf = row->leaf;
    seen->n = view->n;
    copy_slice(seen->kase, sizeof seen->kase, view->kase);
    copy_slice(seen->rec, sizeof seen->rec, view->rec);
}

/* An entry that was verified before in this pass. */
static int recall(struct verifier *verifier, uint64_t index, const struct seen **out)
{
    struct seen *seen = &verifier->seen[index % SEEN_SLOTS];
    *out = seen;
    if (seen->n && seen->index == index) return GUAN_OK;
    struct entry_row row;
    struct entry_view view;
    int code = verify_entry(verifier, index, &row, &view);
    if (!code) remember(verifier, &row, &view);
    return code;
}

static bool follows(const struct seen *before, const struct entry_view *view)
{
    char hex[HASH_HEX];
    hash_hex(&before->leaf, hex);
    return before->n == view->n - 1 && verify_is_case(view, before->kase) && memcmp(hex, view->prev.at, view->prev.length) == 0;
}

static int check_chain(struct verifier *verifier, const struct entry_row *row, const struct entry_view *view)
{
    if (view->n == 1) {
        if (!view->prev.at && row->back == UINT64_MAX) return GUAN_OK;
        return verify_bad(verifier, row->index, "leaf %llu is the first of its case, but names one before it",
                          (unsigned long long)row->index);
    }
    if (!view->prev.at)
        return verify_bad(verifier, row->index, "leaf %llu does not name the entry of its case before it",
                          (unsigned long long)row->index);
    const struct seen *before = NULL;
    int code = row->back < row->index ? recall(verifier, row->back, &before) : GUAN_OK;
    if (code) return code;
    if (!before || !follows(before, view)) {
        verifier->link_broken = true;
        verifier->suspect = row->back;
        return GUAN_TAMPERED; /* which of the two is to blame is found out after the stream */
    }
    if (memcmp(before->rec, view->rec.at, view->rec.length) > 0)
        return verify_bad(verifier, row->index, "leaf %llu is recorded earlier than the one before it in its case",
                          (unsigned long long)row->index);
    return GUAN_OK;
}

/* --- personal values ----------------------------------------------------------------------------------------------- */

/* The last `erase` of a case, found from its end; below `n` nobody asks. */
static int find_erase(struct verifier *verifier, const char *kase, int64_t n, int64_t *until)
{
    *until = 0;
    struct case_row row;
    int code = store_case(verifier->store, verifier->arena, kase, &row, verifier->error);
    if (code) return code == GUAN_USAGE ? GUAN_OK : code;
    for (uint64_t index = row.n ? row.last : UINT64_MAX; index != UINT64_MAX;) {
        struct entry_row entry;
        struct entry_view view;
        code = verify_entry(verifier, index, &entry, &view);
        if (code || !verify_is_case(&view, kase) || view.n <= n) return code == GUAN_FAILED ? code : GUAN_OK;
        if (view.kind.length == 5 && memcmp(view.kind.at, "erase", 5) == 0) {
            *until = view.n;
            return GUAN_OK;
        }
        if (entry.back >= index) return GUAN_OK; /* found bad when the stream comes there */
        index = entry.back;
    }
    return GUAN_OK;
}

static int was_erased(struct verifier *verifier, const char *kase, int64_t n, bool *out)
{
    uint32_t slot = 2166136261u; /* FNV-1a */
    for (const char *at = kase; *at; at++) slot = (slot ^ (unsigned char)*at) * 16777619u;
    struct erased *erased = &verifier->erased[slot % ERASED_SLOTS];
    if (strcmp(erased->kase, kase) != 0) {
        int code = find_erase(verifier, kase, n, &erased->until);
        snprintf(erased->kase, sizeof erased->kase, "%s", code ? "" : kase);
        if (code) return code;
    }
    *out = n < erased->until;
    return GUAN_OK;
}

static int check_personal(struct verifier *verifier, const struct entry_row *row, const struct entry_view *view)
{
    char kase[ENTRY_CASE_BYTES + 1];
    copy_slice(kase, sizeof kase, view->kase);
    struct slice sd = view->sd;
    struct hash digest, found;
    while (entry_next_digest(&sd, &digest)) {
        const char *text = NULL;
        int code = store_disclosure(verifier->store, verifier->arena, kase, &digest, &text, verifier->error);
        if (code) return code;
        bool erased = false;
        if (!text && !verifier->value_gone && (code = was_erased(verifier, kase, view->n, &erased)) != GUAN_OK) return code;
        if (!text && !erased && !verifier->value_gone) {
            verifier->value_gone = true;
            verifier->gone_at = row->index;
        }
        if (text && hash_bytes(text, strlen(text), &found)) return error_memory(verifier->error);
        if (text && !hash_equal(&digest, &found))
            return verify_bad(verifier, row->index, "a personal value of leaf %llu was changed", (unsigned long long)row->index);
    }
    return verify_names(verifier, row, view, kase);
}

/* --- the stream ---------------------------------------------------------------------------------------------------- */

int verify_grow(struct verifier *verifier, const struct entry_row *row, const struct hash *leaf)
{
    static const struct hash none = {{0}};
    struct ledger_head *tree = &verifier->tree;
    if (merkle_add(tree, leaf)) return error_memory(verifier->error);
    const struct hash *node = tree->size % 2 ? &none : &tree->frontier[__builtin_ctzll(tree->size)];
    if (!verifier->node_differs && !hash_equal(node, &row->node)) {
        verifier->node_differs = true;
        verifier->node_at = row->index;
    }
    return GUAN_OK;
}

#define CLOCK_BACK (2 * MS_MINUTE)

static bool is_kind(const struct entry_view *view, const char *kind)
{
    return view->kind.length == strlen(kind) && memcmp(view->kind.at, kind, view->kind.length) == 0;
}

/* Between cases, times may go back a little: commands wait for each other. More than that wants a `clock` entry, which holds
 * until the clock has come again to where it was. */
static void watch_clock(struct verifier *verifier, const struct entry_row *row, const struct entry_view *view)
{
    struct ledger_doubt *doubt = &verifier->report->doubt;
    bool back = verifier->wall && memcmp(view->rec.at, verifier->rec, view->rec.length) < 0;
    instant before, now;
    if (is_kind(view, "clock")) copy_slice(verifier->told, sizeof verifier->told, view->rec);
    if (back && strcmp(verifier->rec, verifier->told) > 0 &&
        !instant_parse(verifier->rec, strlen(verifier->rec), NULL, &before, NULL) &&
        !instant_parse(view->rec.at, view->rec.length, NULL, &now, NULL) && before - now > CLOCK_BACK && doubt->back++ == 0)
        doubt->back_index = row->index;
    copy_slice(verifier->rec, sizeof verifier->rec, view->rec);
}

static int check_entry(void *user, const struct entry_row *row)
{
    struct verifier *verifier = user;
    const struct ledger_watch *watch = verifier->watch;
    uint64_t expected = verifier->tree.size;
    unsigned long long number = row->index;
    if (row->index > INT64_MAX) { /* a negative index: all the others are looked at first */
        verifier->below_zero = true;
        return GUAN_OK;
    }
    if (row->index != expected) return verify_bad(verifier, expected, "leaf %llu is missing", (unsigned long long)expected);
    struct hash leaf;
    if (merkle_leaf(row->bytes, row->length, &leaf)) return error_memory(verifier->error);
    if (!hash_equal(&leaf, &row->leaf))
        return verify_bad(verifier, row->index, "leaf %llu was changed: it does not have the hash that it was recorded with",
                          number);
    struct entry_view view;
    const char *wrong = entry_scan(row->bytes, row->length, &view);
    if (wrong) return verify_bad(verifier, row->index, "leaf %llu %s", number, wrong);
    int code = check_chain(verifier, row, &view);
    if (!code && (view.sd.length || view.n == 1)) code = check_personal(verifier, row, &view);
    if (!code && (view.def.at || view.house.at)) code = verify_publish_entry(verifier, row, &view);
    if (!code && verify_is_case(&view, "-")) {
        if (is_kind(&view, "key")) code = verify_seal_key(verifier, row);
        if (!code && (is_kind(&view, "key") || is_kind(&view, "publish"))) code = verify_info_entry(verifier, row);
        if (!code && is_kind(&view, "restore")) code = verify_seal_restore(verifier, row);
    }
    if (!code) code = verify_grow(verifier, row, &leaf);
    if (!code) code = verify_seal_witness(verifier);
    if (!code) code = verify_seal_grown(verifier);
    if (code) return code;
    watch_clock(verifier, row, &view);
    remember(verifier, row, &view);
    if (arena_size(verifier->arena)) arena_reset(verifier->arena);
    if (watch->progress && verifier->tree.size % PROGRESS_EVERY == 0)
        watch->progress(watch->user, verifier->tree.size, verifier->all);
    return GUAN_OK;
}

static int stream(struct verifier *verifier)
{
    const struct ledger_watch *watch = verifier->watch;
    struct ledger_head head;
    int code = store_head(verifier->store, &head, verifier->error);
    if (code == GUAN_FAILED) return code;
    verifier->all = head.size;
    code = verify_seal_start(verifier);
    if (!code) code = store_entry_each(verifier->store, 0, check_entry, verifier, verifier->error);
    verifier->report->entries = verifier->tree.size;
    if (verifier->link_broken) code = verify_broken_link(verifier);
    if (!code) code = verify_end(verifier);
    if (code == GUAN_TAMPERED && !verifier->report->bad) {
        /* The database itself found its file damaged, where the stream was. */
        struct guan_error found = verifier->error ? *verifier->error : (struct guan_error){0};
        code = verify_bad(verifier, verifier->tree.size, "%s", found.text[0] ? found.text : "the store's file is damaged");
    }
    if (!code && merkle_root(&verifier->tree, &verifier->report->root)) code = error_memory(verifier->error);
    if (!code && watch->progress) watch->progress(watch->user, verifier->tree.size, verifier->tree.size);
    return code;
}

int ledger_verify(struct store *store, const struct ledger_watch *watch, struct ledger_report *report, struct guan_error *error)
{
    static const struct ledger_watch nothing = {0};
    *report = (struct ledger_report){0};
    struct verifier verifier = {.store = store, .watch = watch ? watch : &nothing, .report = report, .error = error};
    verifier.wall = !(store_flags(store) & STORE_VIRTUAL);
    verifier.arena = arena_new();
    verifier.seal_arena = arena_new();
    verifier.blob_arena = arena_new();
    verifier.seen = memory_alloc(SEEN_SLOTS * sizeof *verifier.seen);
    verifier.erased = memory_alloc(ERASED_SLOTS * sizeof *verifier.erased);
    verifier.published = memory_alloc(PUBLISHED_MOST * sizeof *verifier.published);
    bool ready = verify_info_start(&verifier) == GUAN_OK && verifier.arena && verifier.seal_arena && verifier.blob_arena &&
                 verifier.seen && verifier.erased && verifier.published;
    int code = ready ? stream(&verifier) : error_memory(error);
    memory_free(verifier.seen);
    memory_free(verifier.erased);
    memory_free(verifier.published);
    verify_info_free(&verifier);
    arena_free(verifier.arena);
    arena_free(verifier.seal_arena);
    arena_free(verifier.blob_arena);
    return code;
}
