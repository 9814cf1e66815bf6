/* guan_field: what may be told of a step, and of one field of it, before it is recorded. In memory, on a transaction that only
 * reads: a flow that the step would start is started there, and forgotten. */
#include "case/kase.h"

#include <stdio.h>
#include <string.h>

/* Files are named as `@FILE`: they stand for evidence that is not read yet. */
static int split_files(struct kase *kase, const struct guan_command *command, struct act *act, struct guan_error *error)
{
    struct guan_pair *fields = arena_alloc(kase->arena, (command->field_count + 1) * sizeof *fields);
    struct evidence *evidence = arena_alloc(kase->arena, (command->field_count + 1) * sizeof *evidence);
    if (!fields || !evidence) return error_memory(error);
    for (size_t i = 0; i < command->field_count; i++) {
        const struct guan_pair *pair = &command->fields[i];
        if (pair->value[0] != '@') {
            fields[act->field_count++] = *pair;
            continue;
        }
        int code = attach_look(pair->value + 1, error);
        if (code != GUAN_OK) return code;
        evidence[act->evidence_count++].kind = pair->name;
    }
    act->fields = fields;
    act->evidence = evidence;
    return GUAN_OK;
}

static struct value *names_list(struct kase *kase, const struct chart_names *names)
{
    struct value *list = value_list(kase->arena);
    for (uint32_t i = 0; i < names->count; i++) value_add(kase->arena, list, value_text(kase->arena, names->items[i]));
    return list;
}

struct value *field_shown(struct kase *kase, const struct chart *chart, const struct chart_field *field)
{
    struct value *map = value_map(kase->arena), *nested = value_list(kase->arena);
    value_set_text(kase->arena, map, "name", field->name);
    value_set_text(kase->arena, map, "title", field->title);
    value_set_text(kase->arena, map, "type", chart_type_name(field->type));
    value_set_bool(kase->arena, map, "required", field->required && field->initial == CHART_NONE);
    if (field->of.count) value_set(kase->arena, map, "of", names_list(kase, &field->of));
    if (field->names.count) value_set(kase->arena, map, "names", names_list(kase, &field->names));
    for (uint32_t i = 0; i < field->fields.count; i++)
        value_add(kase->arena, nested, field_shown(kase, chart, &chart->fields[field->fields.first + i]));
    if (value_count(nested)) value_set(kase->arena, map, "fields", nested);
    return map;
}

/* An attachment that is no field of its own: `sheet`, or `sheet!` for one that must be there. */
static struct value *kind_shown(struct kase *kase, const char *kind)
{
    struct value *map = value_map(kase->arena);
    size_t length = strlen(kind);
    bool must = length && kind[length - 1] == '!';
    value_set(kase->arena, map, "name", value_text_n(kase->arena, kind, length - must));
    value_set_text(kase->arena, map, "type", chart_type_name(CHART_EVIDENCE));
    value_set_bool(kase->arena, map, "required", must);
    return map;
}

struct value *fields_shown(struct kase *kase, const struct chart *chart, const struct chart_step *step)
{
    struct value *list = value_list(kase->arena);
    for (uint32_t i = 0; i < step->fields.count; i++)
        value_add(kase->arena, list, field_shown(kase, chart, &chart->fields[step->fields.first + i]));
    for (uint32_t i = 0; i < step->evidence.count; i++) {
        struct value *kind = kind_shown(kase, step->evidence.items[i]);
        if (chart_field_by_name(chart, &step->fields, value_get_text(kind, "name")) == CHART_NONE)
            value_add(kase->arena, list, kind);
    }
    return list;
}

/* --- a default, as one would type it -----------------------------------------------------------------------------------------
 */

static const char *scalar_typed(struct kase *kase, const struct chart_field *field, const struct value *value)
{
    const char *text = value_as_text(value);
    char local[40];
    instant at;
    int64_t number = value_as_int(value);
    if (value->kind == VALUE_BOOL) return value_as_bool(value) ? "yes" : "no";
    if (value->kind == VALUE_INT && field->type == CHART_MONEY)
        return arena_printf(kase->arena, "%lld.%02d", (long long)(number / 100),
                            (int)(number % 100 < 0 ? -number : number) % 100);
    if (value->kind == VALUE_INT) return arena_printf(kase->arena, "%lld", (long long)number);
    if (!text || text[0] == '~') return NULL; /* a token: what it stands for was disclosed elsewhere */
    if (field->type == CHART_DATETIME && instant_parse(text, strlen(text), NULL, &at, NULL) == GUAN_OK) {
        instant_format_local(kase->setting->house->zone, at, false, local, sizeof local);
        return arena_printf(kase->arena, "%s", local);
    }
    return text_starts(text, "party:") || text_starts(text, "staff:") ? who_name(kase, text) : text;
}

static const char *default_typed(struct kase *kase, const struct chart_field *field, const struct value *value)
{
    const char *all = NULL;
    if (!value || value->kind != VALUE_LIST) return value ? scalar_typed(kase, field, value) : NULL;
    for (size_t i = 0; i < value_count(value); i++) {
        const char *one = value_at(value, i)->kind == VALUE_TEXT ? scalar_typed(kase, field, value_at(value, i)) : NULL;
        if (!one) return NULL;
        all = all ? arena_printf(kase->arena, "%s,%s", all, one) : one;
    }
    return all ? all : "none";
}

/* --- the answers --------------------------------------------------------------------------------------------------------------
 */

/* A limit may be the name of a parameter. */
static void put_limit(struct kase *kase, struct value *map, const char *key, const char *limit)
{
    const char *parameter = limit ? house_parameter(kase->setting->house, limit) : NULL;
    value_set_text(kase->arena, map, key, parameter ? parameter : limit);
}

static struct value *field_answer(struct kase *kase, const struct target *target, const struct trial *trial, const char *name)
{
    const struct chart *chart = target->member->chart;
    const struct chart_field *field = trial->field;
    struct value *map = value_map(kase->arena);
    value_set_text(kase->arena, map, "field", name);
    if (!field) return map;
    map = field_shown(kase, chart, field);
    value_set_text(kase->arena, map, "field", name);
    value_set_bool(kase->arena, map, "personal", field->personal);
    value_set_bool(kase->arena, map, "asked", trial->asked);
    put_limit(kase, map, "min", field->min);
    put_limit(kase, map, "max", field->max);
    value_set_bool(kase->arena, map, "has_default", trial->initial != NULL);
    if (trial->leaves) {
        struct value *leaves = value_map(kase->arena);
        value_set_text(kase->arena, leaves, "code", trial->leaves);
        value_set_text(kase->arena, leaves, "severity", chart_severity_name(trial->severity));
        value_set(kase->arena, map, "leaves", leaves);
    }
    value_set_text(kase->arena, map, "default", default_typed(kase, field, trial->initial));
    return map;
}

static struct value *step_answer(struct kase *kase, const struct target *target, const struct trial *trial)
{
    const struct member *member = target->member;
    const struct chart_step *step = &member->chart->steps[trial->step];
    struct value *map = value_map(kase->arena);
    value_set_text(kase->arena, map, "case", kase->row.id);
    value_set_text(kase->arena, map, "process", member->process);
    value_set_text(kase->arena, map, "process_title", member->chart->title);
    value_set_text(kase->arena, map, "step", step->id);
    value_set_text(kase->arena, map, "title", step->title);
    value_set(kase->arena, map, "clause", names_list(kase, &step->clauses));
    value_set(kase->arena, map, "fields", fields_shown(kase, member->chart, step));
    return map;
}

/* A value that will not do: why, and the field as it is asked for. */
static int put_wrong(struct kase *kase, const struct target *target, const struct trial *trial, const char *field, int code,
                     const struct guan_sink *sink, struct guan_error *error)
{
    struct value *map = field_answer(kase, target, trial, field);
    value_set_bool(kase->arena, map, "ok", false);
    value_set_text(kase->arena, map, "reason", trial->rule ? trial->rule : "format");
    value_set_text(kase->arena, map, "text", kase->refusal.text);
    value_set_text(kase->arena, map, "hint", kase->refusal.hint);
    int put = answer_put(sink, map, NULL);
    return put == GUAN_OK ? code : error_set(error, put, "sink", "the output was not taken");
}

static int put_refused(struct kase *kase, const struct guan_sink *sink, struct guan_error *error)
{
    struct value *map = value_map(kase->arena);
    value_set_bool(kase->arena, map, "ok", false);
    value_set_text(kase->arena, map, "case", kase->row.id);
    value_set(kase->arena, map, "refused", refusal_answer(kase, &kase->refusal));
    int put = answer_put(sink, map, NULL);
    return put == GUAN_OK ? GUAN_NO : error_set(error, put, "sink", "the output was not taken");
}

static int ask(struct kase *kase, const struct guan_command *command, const char *field, const struct guan_sink *sink,
               struct guan_error *error)
{
    struct target target;
    struct act act = {0};
    struct trial trial;
    int code = step_target(kase, command, &target, &act, error);
    struct act bare = act; /* the flow starts without values: one that will not do is told below */
    if (code == GUAN_OK && target.starts) code = step_start(kase, &target, &bare, error);
    if (code == GUAN_OK) code = split_files(kase, command, &act, error);
    if (code != GUAN_OK) return code;
    act.step = target.name;
    code = standard_try(target.member->standard, &act, field, &trial, &kase->refusal, error);
    if (code == GUAN_USAGE && field && kase->refusal.text) return put_wrong(kase, &target, &trial, field, code, sink, error);
    if (code == GUAN_USAGE && kase->refusal.text) return refusal_usage(kase, &kase->refusal, error);
    if (code == GUAN_NO && kase->refusal.code) return put_refused(kase, sink, error);
    if (code != GUAN_OK) return code;
    struct value *map = field ? field_answer(kase, &target, &trial, field) : step_answer(kase, &target, &trial);
    value_set_bool(kase->arena, map, "ok", true);
    if (arena_failed(kase->arena)) return error_memory(error);
    return answer_put(sink, map, error);
}

int guan_field(struct guan *guan, const struct guan_command *command, const char *field, const struct guan_sink *sink,
               struct guan_error *error)
{
    struct case_row row;
    struct kase kase;
    struct guan_error local;
    if (!error) error = &local;
    error_clear(error);
    arena_reset(guan->arena);
    memset(&kase, 0, sizeof kase);
    int code = command_check(command, error);
    if (code == GUAN_OK) code = store_begin(guan->store, false, error);
    if (code == GUAN_OK) code = resolve_case(guan, command->kase, &row, error);
    if (code == GUAN_OK) code = kase_load(guan, &row, &kase, error);
    if (code == GUAN_OK) {
        kase.cause = "?";
        code = resolve_times(guan, kase.setting->house->zone, row.rec, command, &kase.at, &kase.rec, error);
    }
    if (code == GUAN_OK) code = ask(&kase, command, field, sink, error);
    kase_drop(&kase);
    store_rollback(guan->store);
    return code;
}
