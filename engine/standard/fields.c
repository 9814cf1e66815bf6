/* The fields of a record: typed → what the machine sees, what the entry holds in plain, what is disclosed apart. */
#include "standard/answers.h"
#include "standard/types.h"

#include "base/text.h"

#include <string.h>

void judge_focus(struct judge *judge)
{
    focus_set(judge->standard,
              (struct focus){.step = judge->index, .form = judge->record->form, .entered = judge->entered, .recording = true});
}

bool field_asked(struct judge *judge, const struct chart_field *field, int *code)
{
    bool asked = true;
    if (field->when == CHART_NONE || *code != GUAN_OK) return true;
    judge_focus(judge);
    *code = eval_flag(judge->standard, field->when, true, &asked, judge->error);
    return asked;
}

int judge_failing(struct judge *judge, const struct chart_field *field, const char *rule, const char *why)
{
    for (size_t i = 0; i < judge->failing_count; i++)
        if (judge->failing[i].field == field) return GUAN_OK;
    if (!LIST_ROOM(judge->standard->world->arena, judge->failing, judge->failing_count, judge->failing_capacity))
        return error_memory(judge->error);
    judge->failing[judge->failing_count++] = (struct failing){field, why, rule};
    return GUAN_OK;
}

void judge_derive(struct judge *judge, const struct chart_field *field, const char *name, struct value *value)
{
    struct arena *arena = judge->standard->world->arena;
    struct record *record = judge->record;
    if (judge->act->given) return; /* it is among the facts that are taken as they stand */
    if (!record->derived) record->derived = value_map(arena);
    struct value *facts = value_get(record->derived, field->name);
    if (!facts) value_set(arena, record->derived, field->name, facts = value_map(arena));
    value_set(arena, facts, name, value);
}

/* --- what the machine sees ----------------------------------------------------------------------------------------------------
 */

static int disclose(struct judge *judge, const char *path, const struct value *value, const struct value *seen)
{
    struct record *record = judge->record;
    if (!path || !LIST_ROOM(judge->standard->world->arena, record->personal, record->personal_count, judge->personal_capacity))
        return error_memory(judge->error);
    record->personal[record->personal_count++] = (struct personal){path, value, seen};
    return GUAN_OK;
}

static int token_of(struct judge *judge, const struct value *value, struct value **out)
{
    struct world *world = judge->standard->world;
    const char *token = NULL;
    int code = world->token(world->user, value, &token, judge->error);
    *out = value_text(world->arena, token);
    return code != GUAN_OK || *out ? code : error_memory(judge->error);
}

/* A text that names a party becomes its id, which says nothing; anything else a token, and is disclosed apart. */
static int view_personal(struct judge *judge, const struct value *value, const char *path, struct value **machine,
                         struct value **plain)
{
    struct world *world = judge->standard->world;
    const char *text = value_as_text(value), *party = text && world->party ? world->party(world->user, text) : NULL;
    *plain = NULL;
    if (party) {
        *machine = *plain = value_text(world->arena, party);
        return *machine ? GUAN_OK : error_memory(judge->error);
    }
    int code = token_of(judge, value, machine);
    return code == GUAN_OK ? disclose(judge, path, value, *machine) : code;
}

static int view_tokens(struct judge *judge, const struct chart_field *field, const struct value *list, const char *path,
                       struct value **machine)
{
    struct arena *arena = judge->standard->world->arena;
    *machine = value_list(arena);
    for (size_t i = 0; i < value_count(list); i++) {
        struct value *token;
        int code = token_of(judge, value_at(list, i), &token);
        if (code != GUAN_OK) return code;
        value_add(arena, *machine, token);
    }
    judge_derive(judge, field, "count", value_int(arena, (int64_t)value_count(list)));
    return disclose(judge, path, list, *machine);
}

static int view_contacts(struct judge *judge, const struct chart_field *field, const struct value *list, const char *path,
                         struct value **machine, struct value **plain)
{
    struct arena *arena = judge->standard->world->arena;
    *machine = value_list(arena);
    *plain = value_list(arena);
    for (size_t i = 0; i < value_count(list); i++) {
        struct value *seen = value_copy(arena, value_at(list, i)), *open = value_copy(arena, value_at(list, i)), *token, *rest;
        int code = view_personal(judge, value_get(value_at(list, i), "value"), arena_printf(arena, "%s.%zu.value", path, i),
                                 &token, &rest);
        if (code != GUAN_OK) return code;
        value_set(arena, seen, "value", token);
        if (rest) value_set(arena, open, "value", rest);
        else value_remove(open, "value");
        value_add(arena, *machine, seen);
        value_add(arena, *plain, open);
    }
    judge_derive(judge, field, "kinds", type_kinds(arena, list));
    return GUAN_OK;
}

static int view_field(struct judge *judge, const struct chart_field *field, const struct value *value, const char *path,
                      struct value **machine, struct value **plain);

/* Each member is personal or plain by its own field. */
static int view_record(struct judge *judge, const struct chart_field *list, const struct value *record, const char *path,
                       struct value **machine, struct value **plain)
{
    const struct chart *chart = judge->standard->chart;
    struct arena *arena = judge->standard->world->arena;
    *machine = value_map(arena);
    *plain = value_map(arena);
    for (size_t i = 0; i < value_count(record); i++) {
        const struct value_member *member = &record->as.map.items[i];
        uint32_t index = chart_field_by_name(chart, &list->fields, member->key);
        struct chart_field head = {.name = "name", .type = CHART_TEXT, .personal = true}; /* see types.h */
        struct value *seen, *open;
        int code = view_field(judge, index == CHART_NONE ? &head : &chart->fields[index], member->value,
                              arena_printf(arena, "%s.%s", path, member->key), &seen, &open);
        if (code != GUAN_OK) return code;
        value_set(arena, *machine, member->key, seen);
        value_set(arena, *plain, member->key, open);
    }
    return GUAN_OK;
}

static int view_records(struct judge *judge, const struct chart_field *field, const struct value *list, const char *path,
                        struct value **machine, struct value **plain)
{
    struct arena *arena = judge->standard->world->arena;
    *machine = value_list(arena);
    *plain = value_list(arena);
    for (size_t i = 0; i < value_count(list); i++) {
        struct value *seen, *open;
        int code = view_record(judge, field, value_at(list, i), arena_printf(arena, "%s.%zu", path, i), &seen, &open);
        if (code != GUAN_OK) return code;
        value_add(arena, *machine, seen);
        value_add(arena, *plain, open);
    }
    return GUAN_OK;
}

static int view_field(struct judge *judge, const struct chart_field *field, const struct value *value, const char *path,
                      struct value **machine, struct value **plain)
{
    *plain = NULL;
    if (!path) return error_memory(judge->error);
    if (field->type == CHART_LIST && field->fields.count) return view_records(judge, field, value, path, machine, plain);
    if (!field->personal) {
        *machine = *plain = value_copy(judge->standard->world->arena, value);
        return GUAN_OK;
    }
    if (field->type == CHART_CONTACTS) return view_contacts(judge, field, value, path, machine, plain);
    if (field->type == CHART_LIST) return view_tokens(judge, field, value, path, machine);
    return view_personal(judge, value, path, machine, plain);
}

static void put_plain(struct judge *judge, const char *name, struct value *value)
{
    struct arena *arena = judge->standard->world->arena;
    if (!value) return;
    if (!judge->record->plain) judge->record->plain = value_map(arena);
    value_set(arena, judge->record->plain, name, value);
}

static int put_field(struct judge *judge, const struct chart_field *field, struct value *value)
{
    struct arena *arena = judge->standard->world->arena;
    struct value *machine = NULL, *plain = NULL;
    int code = view_field(judge, field, value, arena_printf(arena, "form.%s", field->name), &machine, &plain);
    if (code != GUAN_OK) return code;
    value_set(arena, judge->typed, field->name, value);
    value_set(arena, judge->record->form, field->name, machine);
    put_plain(judge, field->name, plain);
    return arena_failed(arena) ? error_memory(judge->error) : GUAN_OK;
}

/* --- typed ------------------------------------------------------------------------------------------------------------------ */

static int unknown_field(struct judge *judge, const char *name)
{
    const struct chart *chart = judge->standard->chart;
    const struct chart_step *step = judge->step;
    struct chart_names names = {NULL, 0};
    const char *close = NULL, **items = arena_alloc(judge->standard->world->arena, (step->fields.count + 1) * sizeof *items);
    for (uint32_t i = 0; items && i < step->fields.count; i++) {
        items[i] = chart->fields[step->fields.first + i].name;
        close = closer(name, close, items[i]);
        names = (struct chart_names){items, i + 1};
    }
    int code = refuse_usage(judge->refusal, judge->error, judge->standard, step->id, "unknown-field", "%s has no field %s",
                            step_label(judge->standard, judge->index), name);
    if (close) return refuse_hint(judge->refusal, judge->error, judge->standard, code, "did you mean %s?", close);
    if (!names.count) return refuse_hint(judge->refusal, judge->error, judge->standard, code, "it takes no fields");
    return refuse_hint(judge->refusal, judge->error, judge->standard, code, "its fields: %s",
                       names_text(judge->standard->world->arena, &names));
}

int judge_typed(struct judge *judge, const struct guan_pair *pair)
{
    struct world *world = judge->standard->world;
    const struct chart *chart = judge->standard->chart;
    const char *expected;
    uint32_t index = chart_field_by_name(chart, &judge->step->fields, pair->name);
    if (index == CHART_NONE) return unknown_field(judge, pair->name);
    const struct chart_field *field = &chart->fields[index];
    if (value_get(judge->typed, field->name))
        return refuse_usage(judge->refusal, judge->error, judge->standard, judge->step->id, "field-twice", "%s is given twice",
                            field->name);
    struct type_context context = {world->arena, chart, world->house->zone};
    struct value *value = type_read(&context, field, pair->value ? pair->value : "", &expected);
    if (value) return put_field(judge, field, value);
    if (arena_failed(world->arena)) return error_memory(judge->error);
    refuse_missing_field(judge->refusal, judge->standard, field);
    int code = refuse_usage(judge->refusal, judge->error, judge->standard, judge->step->id, "field-format",
                            "%s: \"%.80s\" will not do", field->name, pair->value ? pair->value : "");
    return refuse_hint(judge->refusal, judge->error, judge->standard, code, "%s %s: %s", field->name,
                       field->title ? field->title : "", expected ? expected : "");
}

/* --- performed again ---------------------------------------------------------------------------------------------------------
 */

int judge_given(struct judge *judge, const char *name)
{
    const struct given *given = judge->act->given;
    struct arena *arena = judge->standard->world->arena;
    const struct value *value = value_get(given->form, name), *plain = value_get(given->plain, name);
    if (chart_field_by_name(judge->standard->chart, &judge->step->fields, name) == CHART_NONE) return unknown_field(judge, name);
    value_set(arena, judge->typed, name, value_copy(arena, value));
    value_set(arena, judge->record->form, name, value_copy(arena, value));
    if (plain) put_plain(judge, name, value_copy(arena, plain));
    return arena_failed(arena) ? error_memory(judge->error) : GUAN_OK;
}

static bool hidden(const struct chart *chart, const struct chart_field *field, const struct value *value)
{
    if (!field->fields.count) return field->personal;
    for (size_t i = 0; i < value_count(value); i++)
        for (size_t m = 0; m < value_count(value_at(value, i)); m++) {
            const struct value_member *member = &value_at(value, i)->as.map.items[m];
            uint32_t index = chart_field_by_name(chart, &field->fields, member->key);
            if (index == CHART_NONE || hidden(chart, &chart->fields[index], member->value)) return true;
        }
    return false;
}

bool judge_veiled(const struct judge *judge)
{
    const struct chart *chart = judge->standard->chart;
    for (uint32_t i = 0; i < judge->step->fields.count; i++) {
        const struct chart_field *field = &chart->fields[judge->step->fields.first + i];
        const struct value *value = value_get(judge->typed, field->name);
        if (value && hidden(chart, field, value)) return true;
    }
    return false;
}

int judge_given_facts(struct judge *judge)
{
    const struct given *given = judge->act->given;
    struct arena *arena = judge->standard->world->arena;
    judge->record->personal = arena_alloc(arena, (given->personal_count + 1) * sizeof *judge->record->personal);
    if (!judge->record->personal) return error_memory(judge->error);
    for (size_t i = 0; i < given->personal_count; i++) judge->record->personal[i] = given->personal[i];
    judge->record->personal_count = given->personal_count;
    if (value_count(given->facts)) judge->record->derived = value_copy(arena, given->facts);
    return arena_failed(arena) ? error_memory(judge->error) : GUAN_OK;
}

static int judge_input(struct judge *judge)
{
    const struct act *act = judge->act;
    int code = GUAN_OK;
    for (size_t i = 0; i < act->field_count && code == GUAN_OK; i++) code = judge_typed(judge, &act->fields[i]);
    for (size_t i = 0; act->given && i < value_count(act->given->form) && code == GUAN_OK; i++)
        code = judge_given(judge, act->given->form->as.map.items[i].key);
    return code == GUAN_OK && act->given ? judge_given_facts(judge) : code;
}

/* --- defaults, evidence, what is missing -------------------------------------------------------------------------------------
 */

static bool is_id(const char *text)
{
    return text_starts(text, "party:") || text_starts(text, "staff:");
}

/* A default is in the machine's view already: a token in it was disclosed where it came from. */
static int put_default(struct judge *judge, const struct chart_field *field)
{
    struct arena *arena = judge->standard->world->arena;
    struct value *value;
    judge_focus(judge);
    int code = eval_value(judge->standard, field->initial, &value, judge->error);
    if (code != GUAN_OK || !value) return code;
    value_set(arena, judge->typed, field->name, value);
    value_set(arena, judge->record->form, field->name, value);
    const char *text = value_as_text(value);
    if (!field->personal || (text && is_id(text))) put_plain(judge, field->name, value_copy(arena, value));
    return GUAN_OK;
}

static const struct evidence *evidence_of(const struct act *act, const char *kind)
{
    for (size_t i = 0; i < act->evidence_count; i++)
        if (text_equal(act->evidence[i].kind, kind)) return &act->evidence[i];
    return NULL;
}

static int put_evidence(struct judge *judge, const struct chart_field *field)
{
    char hex[HASH_HEX];
    const struct evidence *evidence = evidence_of(judge->act, field->name);
    if (!evidence || value_get(judge->typed, field->name)) return GUAN_OK;
    hash_hex(&evidence->hash, hex);
    struct value *value = value_text(judge->standard->world->arena, hex);
    value_set(judge->standard->world->arena, judge->typed, field->name, value);
    value_set(judge->standard->world->arena, judge->record->form, field->name, value);
    put_plain(judge, field->name, value);
    return GUAN_OK;
}

static int nested_missing(struct judge *judge, const struct chart_field *list)
{
    const struct chart *chart = judge->standard->chart;
    const struct value *records = value_get(judge->typed, list->name);
    for (uint32_t f = 0; f < list->fields.count; f++) {
        const struct chart_field *field = &chart->fields[list->fields.first + f];
        for (size_t i = 0; field->required && i < value_count(records); i++) {
            if (value_get(value_at(records, i), field->name)) continue;
            int code = judge_failing(judge, field, NULL, "missing");
            if (code != GUAN_OK) return code;
        }
    }
    return GUAN_OK;
}

int judge_asked_field(struct judge *judge, const struct chart_field *field)
{
    int code = field->type == CHART_EVIDENCE ? put_evidence(judge, field) : GUAN_OK;
    bool asked = field_asked(judge, field, &code);
    if (code != GUAN_OK || !asked) return code;
    if (!value_get(judge->typed, field->name) && field->initial != CHART_NONE) code = put_default(judge, field);
    if (code != GUAN_OK) return code;
    if (!value_get(judge->typed, field->name)) return field->required ? judge_failing(judge, field, NULL, "missing") : GUAN_OK;
    return nested_missing(judge, field);
}

int judge_missing(struct judge *judge)
{
    struct buffer buffer = {0};
    struct arena *arena = judge->standard->world->arena;
    const char *first = NULL;
    for (size_t i = 0; i < judge->failing_count; i++) {
        const struct chart_field *field = judge->failing[i].field;
        if (judge->failing[i].rule) continue;
        refuse_missing_field(judge->refusal, judge->standard, field);
        buffer_printf(&buffer, "%s%s%s%s", first ? ", " : "", field->name, field->title ? " " : "",
                      field->title ? field->title : "");
        if (!first) first = field->name;
    }
    const char *names = arena_text(arena, buffer.data ? buffer.data : "", buffer.length);
    buffer_release(&buffer);
    int code = refuse_usage(judge->refusal, judge->error, judge->standard, judge->step->id, "field-missing", "%s needs %s",
                            step_label(judge->standard, judge->index), names ? names : "");
    return refuse_hint(judge->refusal, judge->error, judge->standard, code, "add %s=…", first ? first : "");
}

int judge_fields(struct judge *judge)
{
    const struct chart_step *step = judge->step;
    struct arena *arena = judge->standard->world->arena;
    judge->typed = value_map(arena);
    judge->record->form = value_map(arena);
    if (arena_failed(arena)) return error_memory(judge->error);
    int code = judge_input(judge);
    for (uint32_t i = 0; i < step->fields.count && code == GUAN_OK; i++)
        code = judge_asked_field(judge, &judge->standard->chart->fields[step->fields.first + i]);
    if (code == GUAN_OK && judge->failing_count && step->mode == CHART_MODE_BLOCK && !judge_may_relax(judge))
        return judge_missing(judge);
    return code;
}

int judge_instance(struct judge *judge)
{
    struct arena *arena = judge->standard->world->arena;
    const struct chart_step *step = judge->step;
    const char *per = step->per == CHART_NONE ? NULL : judge->standard->chart->fields[step->per].name;
    judge->typed = value_map(arena);
    judge->record->form = value_map(arena);
    if (arena_failed(arena)) return error_memory(judge->error);
    for (size_t i = 0; i < judge->act->field_count; i++) {
        if (!text_equal(judge->act->fields[i].name, per))
            return refuse_usage(judge->refusal, judge->error, judge->standard, step->id, "unknown-field",
                                "a waiver takes no field %s", judge->act->fields[i].name);
        int code = judge_typed(judge, &judge->act->fields[i]);
        if (code != GUAN_OK) return code;
    }
    return GUAN_OK;
}
