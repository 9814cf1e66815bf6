/* Findings as they stand: the last word of each id, folded over a case's journal. */
#include "case/kase.h"

#include <string.h>

struct folding {
    struct arena *arena;
    struct value *list;
    struct value *index; /* fid → position */
    const char *actor;   /* of the acting entry that the followers belong to */
    const char *kase;
};

static void copy(struct folding *folding, struct value *to, const struct value *entry, const char *key)
{
    struct value *value = value_get(entry, key);
    if (value) value_set(folding->arena, to, key, value_copy(folding->arena, value));
    else value_remove(to, key);
}

static void lateness(struct folding *folding, struct value *finding)
{
    const char *due = value_get_text(finding, "due"), *at = value_get_text(finding, "at");
    instant due_at, done_at;
    value_remove(finding, "late_ms");
    if (due && at && instant_parse(due, strlen(due), NULL, &due_at, NULL) == GUAN_OK &&
        instant_parse(at, strlen(at), NULL, &done_at, NULL) == GUAN_OK && done_at > due_at)
        value_set_int(folding->arena, finding, "late_ms", done_at - due_at);
}

static int fold(void *user, const struct entry_row *row, const struct value *entry)
{
    static const char *const keys[] = {"code", "severity", "status", "clause", "step", "due", "at", "rec", "rule"};
    struct folding *folding = user;
    const char *kind = value_get_text(entry, "kind"), *actor = value_get_text(entry, "actor"),
               *fid = value_get_text(entry, "fid");
    (void)row;
    if (actor) folding->actor = arena_text(folding->arena, actor, strlen(actor));
    if (!kind || strcmp(kind, "finding") != 0 || !fid) return GUAN_OK;
    struct value *finding = value_get(folding->index, fid);
    if (!finding) {
        const char *session = value_get_text(entry, "sess"), *mark = session ? strchr(session, '#') : NULL;
        finding = value_map(folding->arena);
        value_set_text(folding->arena, finding, "fid", fid);
        value_set_text(folding->arena, finding, "case", folding->kase);
        value_set_text(folding->arena, finding, "session", session);
        if (mark) value_set(folding->arena, finding, "process", value_text_n(folding->arena, session, (size_t)(mark - session)));
        copy(folding, finding, entry, "inst");
        value_set(folding->arena, finding, "entries", value_list(folding->arena));
        value_set(folding->arena, folding->index, fid, finding);
        value_add(folding->arena, folding->list, finding);
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) copy(folding, finding, entry, keys[i]);
    value_set_text(folding->arena, finding, "actor", folding->actor);
    struct value *entries = value_get(finding, "entries"), *refs = value_get(entry, "refs");
    for (size_t i = 0; i < value_count(refs); i++)
        value_add(folding->arena, entries, value_copy(folding->arena, value_at(refs, i)));
    lateness(folding, finding);
    return GUAN_OK;
}

int findings_fold(struct guan *guan, const struct case_row *row, struct arena *arena, struct value **out,
                  struct guan_error *error)
{
    struct folding folding = {.arena = arena, .list = value_list(arena), .index = value_map(arena), .kase = row->id};
    struct arena *scratch = arena_new();
    if (!scratch) return error_memory(error);
    int code = ledger_case_each(guan->store, row, scratch, fold, &folding, error);
    arena_free(scratch);
    *out = folding.list;
    return code == GUAN_OK && arena_failed(arena) ? error_memory(error) : code;
}
