/* From an entry back to the command that made it, and what stands in for people, files and chance while it runs again. */
#include "case/replay.h"

#include <string.h>

bool replay_acts(const struct value *entry)
{
    const char *kind = value_get_text(entry, "kind");
    return kind && strcmp(kind, "transition") != 0 && strcmp(kind, "finding") != 0;
}

/* --- what the machine saw --------------------------------------------------------------------------------------------------- */

/* "contacts.0.value" of a form: maps and lists on the way are there, since the plain parts of a list stand in the entry. */
static void put_at(struct arena *arena, struct value *form, const char *path, const struct value *seen)
{
    struct value *at = form;
    for (;;) {
        size_t length = strcspn(path, ".");
        const char *key = arena_text(arena, path, length);
        if (!key || !at || path[length] == '\0') {
            if (key && at && at->kind == VALUE_MAP) value_set(arena, at, key, value_copy(arena, seen));
            return;
        }
        if (at->kind == VALUE_LIST) {
            size_t index = 0;
            for (const char *c = key; *c >= '0' && *c <= '9' && index < LIMIT_ENTRY_BYTES; c++)
                index = index * 10 + (size_t)(*c - '0');
            at = value_at(at, index);
        } else {
            at = value_get(at, key);
        }
        path += length + 1;
    }
}

static int take_input(struct replay *replay, const struct value *entry, struct arena *arena, struct guan_error *error)
{
    const struct value *plain = value_get(entry, "form"), *tokens = value_get(entry, "tok");
    struct value *form = plain ? value_copy(arena, plain) : value_map(arena);
    struct personal *personal = arena_alloc(arena, (value_count(tokens) + 1) * sizeof *personal);
    replay->data = value_map(arena);
    for (size_t i = 0; personal && i < value_count(tokens); i++) {
        const struct value_member *token = &tokens->as.map.items[i];
        personal[i] = (struct personal){.path = token->key, .seen = token->value};
        if (text_starts(token->key, "form.")) put_at(arena, form, token->key + 5, token->value);
        if (text_starts(token->key, "data.")) value_set(arena, replay->data, token->key + 5, value_copy(arena, token->value));
    }
    replay->given = (struct given){.form = form,
                                   .plain = plain,
                                   .facts = value_get(entry, "facts"),
                                   .personal = personal,
                                   .personal_count = value_count(tokens)};
    replay->accepted = true;
    return arena_failed(arena) ? error_memory(error) : GUAN_OK;
}

/* --- commands --------------------------------------------------------------------------------------------------------------- */

static int people(const struct value *entry, struct arena *arena, struct guan_command *command, struct guan_error *error)
{
    const struct value *with = value_get(entry, "with");
    const char **ids = arena_alloc(arena, (value_count(with) + 1) * sizeof *ids);
    if (!ids) return error_memory(error);
    for (size_t i = 0; i < value_count(with); i++) ids[i] = value_as_text(value_at(with, i));
    command->with = ids;
    command->with_count = value_count(with);
    command->actor = value_get_text(entry, "actor");
    command->by = value_get_text(entry, "by");
    command->role = value_get_text(entry, "role");
    command->entry = (uint64_t)value_as_int(value_at(value_get(entry, "refs"), 0));
    return GUAN_OK;
}

int replay_input(struct replay *replay, const struct value *entry, struct arena *arena, struct guan_command *command,
                 struct guan_error *error)
{
    static const char unsaid[] = "-"; /* a reason does nothing but stand in the record, as a digest */
    const char *kind = value_get_text(entry, "kind");
    size_t personal = value_count(value_get(entry, "sd")), seen = value_count(value_get(entry, "tok"));
    memset(command, 0, sizeof *command);
    for (int verb = GUAN_STEP; verb <= GUAN_ASSIGN; verb++)
        if (text_equal(command_tried[verb], kind)) command->verb = (enum guan_verb)verb;
    command->name = value_get_text(entry, command->verb == GUAN_SEND ? "event" : "step");
    if (command->verb == GUAN_ASSIGN) command->name = value_get_text(value_get(entry, "facts"), "owner");
    command->reason = personal > seen ? unsaid : NULL;
    int code = people(entry, arena, command, error);
    return code == GUAN_OK ? take_input(replay, entry, arena, error) : code;
}

int replay_tried(struct guan *guan, const char *kase, const struct value *entry, struct arena *arena,
                 struct guan_command *command, bool *known, struct guan_error *error)
{
    const struct value *digests = value_get(entry, "sd");
    struct guan_pair *fields = arena_alloc(arena, (value_count(digests) + 1) * sizeof *fields);
    const char *tried = value_get_text(entry, "tried");
    int code = fields ? GUAN_OK : error_memory(error);
    memset(command, 0, sizeof *command);
    *known = false;
    for (int verb = GUAN_STEP; verb <= GUAN_ASSIGN; verb++)
        if (text_equal(command_tried[verb], tried)) command->verb = (enum guan_verb)verb, *known = true;
    command->name = value_get_text(entry, command->verb == GUAN_SEND ? "event" : "step");
    for (size_t i = 0; code == GUAN_OK && i < value_count(digests); i++) {
        struct hash digest;
        const char *text = NULL, *path;
        struct value *value;
        if (!hash_from_hex(value_as_text(value_at(digests, i)), &digest)) continue;
        code = store_disclosure(guan->store, arena, kase, &digest, &text, error);
        if (code != GUAN_OK || !text || personal_read(arena, text, &path, &value, NULL) != GUAN_OK) *known = false;
        else if (strcmp(path, "reason") == 0) command->reason = value_as_text(value);
        else if (text_starts(path, "tried."))
            fields[command->field_count++] = (struct guan_pair){path + strlen("tried."), value_as_text(value)};
    }
    command->fields = fields;
    for (size_t i = 0; i < command->field_count; i++)
        if (!fields[i].value) *known = false;
    return code == GUAN_OK ? people(entry, arena, command, error) : code;
}

/* --- asked while it runs ------------------------------------------------------------------------------------------------------
 */

const struct value *replay_next(const struct kase *kase)
{
    const struct replay *replay = kase->guan->replay;
    return replay && kase->row.n < replay->count ? replay->entries[kase->row.n] : NULL;
}

bool replay_accepted(const struct kase *kase)
{
    return kase->guan->replay && kase->guan->replay->accepted;
}

bool replay_holds(const struct kase *kase)
{
    return kase->guan->replay && kase->guan->replay->holds;
}

const struct given *replay_given(const struct kase *kase)
{
    return replay_accepted(kase) ? &kase->guan->replay->given : NULL;
}

/* The session stands in the entry: nothing has to be found out. One that is not there yet is started by the root. */
int replay_target(struct kase *kase, struct target *out, struct guan_error *error)
{
    const struct value *entry = replay_next(kase);
    const char *session = value_get_text(entry, "sess"), *step = value_get_text(entry, "step"),
               *name = step ? step : value_get_text(entry, "event");
    if (!session || !name) return error_set(error, GUAN_USAGE, "no-name", "the entry names no session, or no step");
    struct member *member = kase_member(kase, session);
    const char *process = member ? member->process : arena_text(kase->arena, session, strcspn(session, "#"));
    const struct chart *chart = member ? member->chart : NULL;
    if (!process) return error_memory(error);
    int code = member ? GUAN_OK : bundle_chart(kase->setting->bundle, process, &chart, error);
    if (code != GUAN_OK) return code;
    *out = (struct target){.member = member,
                           .name = name,
                           .full = arena_printf(kase->arena, "%s.%s", process, name),
                           .starts = !member,
                           .process = process,
                           .step = step ? chart_step_by_id(chart, step) : CHART_NONE};
    return GUAN_OK;
}

void replay_actors(struct kase *kase, struct actor *actors, size_t count)
{
    const struct value *entry = replay_next(kase);
    kase->auth = value_get_text(entry, "auth");
    actors[0].claimed = !text_equal(value_get_text(entry, "kind"), "timer") && text_equal(kase->auth, "claimed");
    /* Who is beside them is a claim as a rule; where it was accepted, it was no hindrance. */
    for (size_t i = 1; i < count; i++) actors[i].claimed = !replay_accepted(kase);
}

int replay_data(struct kase *kase, struct value **out, struct guan_error *error)
{
    const struct replay *replay = kase->guan->replay;
    kase->personal = replay->given.personal;
    kase->personal_count = replay->given.personal_count;
    *out = value_copy(kase->arena, replay->data);
    return *out ? GUAN_OK : error_memory(error);
}

static int keep_attachment(struct kase *kase, struct attachment *attachment, const char *kind, const char *hex, int64_t size)
{
    struct evidence *evidence = &attachment->evidence;
    *attachment = (struct attachment){0};
    evidence->kind = kind;
    evidence->size = (uint64_t)size;
    if (hex && !hash_from_hex(hex, &evidence->hash)) return GUAN_USAGE;
    kase->attachment_count++;
    return GUAN_OK;
}

/* An accepted one: as the entry says. A refused one: that there was a file, not which. */
int replay_evidence(struct kase *kase, const struct guan_command *command, struct guan_pair **fields, size_t *count,
                    struct guan_error *error)
{
    const struct value *evidence = replay_accepted(kase) ? value_get(replay_next(kase), "ev") : NULL;
    size_t most = command->field_count + value_count(evidence) + 1, kept = 0;
    struct attachment *attachments = arena_alloc(kase->arena, most * sizeof *attachments);
    struct guan_pair *pairs = arena_alloc(kase->arena, most * sizeof *pairs);
    if (!attachments || !pairs) return error_memory(error);
    kase->attachment_count = 0;
    for (size_t i = 0; i < value_count(evidence); i++) {
        const struct value *item = value_at(evidence, i);
        if (keep_attachment(kase, &attachments[kase->attachment_count], value_get_text(item, "kind"),
                            value_get_text(item, "sha256"), value_get_int(item, "size")) != GUAN_OK)
            return error_set(error, GUAN_USAGE, "evidence", "the entry's evidence has no hash");
    }
    for (size_t i = 0; i < command->field_count; i++) {
        if (command->fields[i].value[0] == '@')
            keep_attachment(kase, &attachments[kase->attachment_count], command->fields[i].name, NULL, 0);
        else pairs[kept++] = command->fields[i];
    }
    kase->attachments = attachments;
    *fields = pairs;
    *count = kept;
    return GUAN_OK;
}

/* Salts are chance: the digests are those of the record, if they are as many. That they fit their disclosures is looked at
 * apart. */
int replay_digests(struct kase *kase, struct value *entry, struct guan_error *error)
{
    const struct value *digests = value_get(replay_next(kase), "sd");
    if (value_count(digests) == kase->personal_count) value_set(kase->arena, entry, "sd", value_copy(kase->arena, digests));
    return arena_failed(kase->arena) ? error_memory(error) : GUAN_OK;
}
