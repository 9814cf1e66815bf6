/* Evidence against the record: every file of the journal, by its hash. */
#include "audit/evidence.h"

#include <stdio.h>
#include <string.h>

struct looking {
    struct guan *guan;
    struct arena *arena;
    struct ledger_report *report;
    struct guan_error *error;
};

struct erasing {
    int64_t after; /* n of the entry whose file is gone */
    bool erased;
};

static int find_erase(void *user, const struct entry_row *row, const struct value *entry)
{
    struct erasing *erasing = user;
    (void)row;
    if (text_equal(value_get_text(entry, "kind"), "erase") && value_get_int(entry, "n") > erasing->after) erasing->erased = true;
    return GUAN_OK;
}

/* Does the journal say that the case was erased after this entry? */
static int was_erased(struct looking *looking, const struct value *entry, bool *erased)
{
    struct case_row row;
    struct erasing erasing = {.after = value_get_int(entry, "n")};
    const char *id = value_get_text(entry, "case");
    int code = store_case(looking->guan->store, looking->arena, id ? id : "", &row, looking->error);
    if (code == GUAN_OK)
        code = ledger_case_each(looking->guan->store, &row, looking->arena, find_erase, &erasing, looking->error);
    *erased = erasing.erased;
    return code;
}

static int bad_file(struct looking *looking, const struct entry_row *row, const struct value *entry, const struct guan_error *why)
{
    struct ledger_report *report = looking->report;
    report->bad = true;
    report->bad_index = row->index;
    report->bad_n = (uint64_t)value_get_int(entry, "n");
    const char *id = value_get_text(entry, "case");
    snprintf(report->bad_case, sizeof report->bad_case, "%s", id ? id : "");
    snprintf(report->text, sizeof report->text, "%.120s: %.160s", why->text, why->where);
    *looking->error = *why;
    return GUAN_TAMPERED;
}

static int check_file(struct looking *looking, const struct entry_row *row, const struct value *entry, const struct value *file)
{
    struct guan_error why = {0};
    struct hash hash;
    bool erased = false;
    const char *hex = value_get_text(file, "sha256");
    int64_t size = value_get_int(file, "size");
    int code;
    if (!hex || !hash_from_hex(hex, &hash) || size < 0)
        code = error_set(&why, GUAN_TAMPERED, "evidence", "the entry does not say which file its evidence is");
    else code = store_evidence_check(looking->guan->store, &hash, (uint64_t)size, &why);
    if (code == GUAN_OK) return GUAN_OK;
    if (code == GUAN_TAMPERED) {
        int asked = was_erased(looking, entry, &erased);
        if (asked != GUAN_OK) return asked;
        return erased ? GUAN_OK : bad_file(looking, row, entry, &why);
    }
    *looking->error = why;
    return code;
}

/* Few entries have evidence: only those that may are read as JSON. Within a text its quotes would be escaped. */
static bool may_have_evidence(const struct entry_row *row)
{
    static const char mark[] = "\"ev\":[";
    const char *at = row->bytes, *end = row->bytes + row->length;
    for (; (size_t)(end - at) >= sizeof mark - 1; at++) {
        at = memchr(at, mark[0], (size_t)(end - at) - (sizeof mark - 2));
        if (!at) return false;
        if (memcmp(at, mark, sizeof mark - 1) == 0) return true;
    }
    return false;
}

static int look(void *user, const struct entry_row *row)
{
    struct looking *looking = user;
    struct value *entry;
    if (!may_have_evidence(row)) return GUAN_OK;
    arena_reset(looking->arena);
    int code = json_read(looking->arena, row->bytes, row->length, &entry, looking->error);
    const struct value *files = code == GUAN_OK ? value_get(entry, "ev") : NULL;
    for (size_t i = 0; code == GUAN_OK && i < value_count(files); i++) code = check_file(looking, row, entry, value_at(files, i));
    return code;
}

int evidence_verify(struct guan *guan, struct ledger_report *report, struct guan_error *error)
{
    struct guan_error local;
    struct looking looking = {.guan = guan, .arena = arena_new(), .report = report, .error = error ? error : &local};
    if (!looking.arena) return error_memory(error);
    int code = store_entry_each(guan->store, 0, look, &looking, looking.error);
    arena_free(looking.arena);
    return code;
}
