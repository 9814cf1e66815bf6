/* Filling refusals. The text says what and why, the hint what to do next; `missing` is for programs. */
#include "standard/refuse.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char *formatted(struct arena *arena, const char *format, va_list args) GUAN_PRINTF(2, 0);
static const char *formatted(struct arena *arena, const char *format, va_list args)
{
    char text[sizeof((struct guan_error *)0)->text];
    int length = vsnprintf(text, sizeof text, format, args);
    size_t size = length < 0 ? 0 : (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    const char *copy = arena_text(arena, text, text_cut(text, size, size));
    return copy ? copy : "";
}

static void fill(struct refusal *refusal, struct standard *standard, const char *step, const char *reason, const char *text)
{
    struct value *missing = refusal->missing;
    *refusal = (struct refusal){.reason = reason, .session = standard->id, .step = step, .text = text, .missing = missing};
}

int refuse_usage(struct refusal *refusal, struct guan_error *error, struct standard *standard, const char *step,
                 const char *reason, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = formatted(standard->world->arena, format, args);
    va_end(args);
    fill(refusal, standard, step, reason, text);
    return error_set(error, GUAN_USAGE, reason, "%s", text);
}

int refuse_no(struct refusal *refusal, struct guan_error *error, struct standard *standard, const char *step, const char *code,
              const char *reason, struct chart_names clauses, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = formatted(standard->world->arena, format, args);
    va_end(args);
    fill(refusal, standard, step, reason, text);
    refusal->code = code;
    refusal->clauses = clauses;
    return error_set(error, GUAN_NO, reason, "%s", text);
}

int refuse_hint(struct refusal *refusal, struct guan_error *error, struct standard *standard, int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    refusal->hint = formatted(standard->world->arena, format, args);
    va_end(args);
    (void)error_hint(error, "%s", refusal->hint);
    return code;
}

struct value *names_value(struct arena *arena, const struct chart_names *names)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < names->count; i++) value_add(arena, list, value_text(arena, names->items[i]));
    return list;
}

void refuse_missing_step(struct refusal *refusal, struct standard *owner, uint32_t index)
{
    struct arena *arena = owner->world->arena;
    const struct chart_step *step = &owner->chart->steps[index];
    struct value *item = value_map(arena);
    if (!refusal->missing) refusal->missing = value_list(arena);
    value_set_text(arena, item, "step", step->id);
    value_set_text(arena, item, "title", step->title);
    value_set(arena, item, "clause", names_value(arena, &step->clauses));
    value_set_text(arena, item, "session", owner->id);
    value_set_text(arena, item, "process", owner->process);
    value_add(arena, refusal->missing, item);
}

void refuse_missing_field(struct refusal *refusal, struct standard *standard, const struct chart_field *field)
{
    struct arena *arena = standard->world->arena;
    struct value *item = value_map(arena);
    if (!refusal->missing) refusal->missing = value_list(arena);
    value_set_text(arena, item, "field", field->name);
    value_set_text(arena, item, "title", field->title);
    value_set_text(arena, item, "type", chart_type_name(field->type));
    if (field->of.count) value_set(arena, item, "of", names_value(arena, &field->of));
    if (field->names.count) value_set(arena, item, "names", names_value(arena, &field->names));
    value_add(arena, refusal->missing, item);
}

/* --- lists of names ------------------------------------------------------------------------------------------------------- */

bool names_have(const struct chart_names *names, const char *name)
{
    for (uint32_t i = 0; name && i < names->count; i++)
        if (strcmp(names->items[i], name) == 0) return true;
    return false;
}

struct chart_names names_union(struct arena *arena, struct chart_names a, struct chart_names b)
{
    if (b.count == 0) return a;
    if (a.count == 0) return b;
    const char **items = arena_alloc(arena, (a.count + b.count) * sizeof *items);
    if (!items) return a;
    struct chart_names all = {items, 0};
    for (uint32_t i = 0; i < a.count; i++) items[all.count++] = a.items[i];
    for (uint32_t i = 0; i < b.count; i++)
        if (!names_have(&all, b.items[i])) items[all.count++] = b.items[i];
    return all;
}

const char *closer(const char *word, const char *best, const char *candidate)
{
    return best ? best : text_close(word, candidate) ? candidate : NULL;
}

const char *names_text(struct arena *arena, const struct chart_names *names)
{
    struct buffer buffer = {0};
    for (uint32_t i = 0; i < names->count; i++) {
        if (i) buffer_text(&buffer, ", ");
        buffer_text(&buffer, names->items[i]);
    }
    const char *text = buffer.length ? arena_text(arena, buffer.data, buffer.length) : "";
    buffer_release(&buffer);
    return text ? text : "";
}

const char *step_label(struct standard *standard, uint32_t index)
{
    const struct chart_step *step = &standard->chart->steps[index];
    if (!step->title) return step->id;
    const char *text = arena_printf(standard->world->arena, "%s %s", step->id, step->title);
    return text ? text : "";
}
