/* JSON for people's eyes: what a command did, where a case stands. Names are put back here; the record has ids only. */
#include "case/kase.h"

#include <string.h>

int answer_write(const struct value *value, struct buffer *out, struct guan_error *error)
{
    if (value) json_write(out, value);
    return value && !out->failed ? GUAN_OK : error_memory(error);
}

int answer_hand(const struct guan_sink *sink, const struct buffer *text, struct guan_error *error)
{
    if (!sink || !sink->put || sink->put(sink->user, text->data, text->length) == 0) return GUAN_OK;
    return error_set(error, GUAN_FAILED, "sink", "the output was not taken");
}

int answer_put(const struct guan_sink *sink, const struct value *value, struct guan_error *error)
{
    struct buffer text = {0};
    int code = answer_write(value, &text, error);
    if (code == GUAN_OK) code = answer_hand(sink, &text, error);
    buffer_release(&text);
    return code;
}

void answer_local(struct kase *kase, struct value *map, const char *key, instant at)
{
    char text[40];
    if (at == INSTANT_NONE) return;
    instant_format(at, text);
    value_set_text(kase->arena, map, key, text);
    instant_format_local(kase->setting->house->zone, at, false, text, sizeof text);
    value_set_text(kase->arena, map, arena_printf(kase->arena, "%s_local", key), text);
}

static struct value *names(struct kase *kase, const struct chart_names *list)
{
    struct value *out = value_list(kase->arena);
    for (uint32_t i = 0; i < list->count; i++) value_add(kase->arena, out, value_text(kase->arena, list->items[i]));
    return out;
}

struct value *answer_finding(struct kase *kase, const struct finding *finding)
{
    struct value *map = value_map(kase->arena);
    value_set_text(kase->arena, map, "fid", finding->fid);
    value_set_text(kase->arena, map, "code", finding->code);
    value_set_text(kase->arena, map, "severity", chart_severity_name(finding->severity));
    value_set_text(kase->arena, map, "status", finding->status);
    value_set(kase->arena, map, "clause", names(kase, &finding->clauses));
    value_set_text(kase->arena, map, "session", finding->session);
    value_set_text(kase->arena, map, "step", finding->step);
    value_set_text(kase->arena, map, "text", finding->text);
    answer_local(kase, map, "due", finding->due);
    return map;
}

struct value *answer_where(struct kase *kase)
{
    struct value *list = value_list(kase->arena);
    for (size_t i = 0; i < kase->member_count; i++) {
        const struct member *member = kase->members[i];
        if (member->ended) continue;
        struct value *map = value_map(kase->arena);
        value_set_text(kase->arena, map, "session", member->id);
        value_set_text(kase->arena, map, "process", member->process);
        value_set_text(kase->arena, map, "title", member->chart->title);
        value_set(kase->arena, map, "states", standard_where(member->standard));
        value_add(kase->arena, list, map);
    }
    return list;
}

/* One line for lists: each flow with its innermost titled state. */
const char *answer_place(struct kase *kase)
{
    struct buffer text = {0};
    for (size_t i = 0; i < kase->member_count; i++) {
        const struct member *member = kase->members[i];
        if (member->ended) continue;
        const struct value *states = standard_where(member->standard);
        const char *title = NULL;
        for (size_t s = value_count(states); s-- > 0 && !title;) title = value_get_text(value_at(states, s), "title");
        if (!title && i > 0) continue;
        buffer_printf(&text, "%s%s%s%s", text.length ? " · " : "", member->chart->title ? member->chart->title : member->process,
                      title ? " / " : "", title ? title : "");
    }
    const char *out = arena_text(kase->arena, text.data ? text.data : "", text.length);
    buffer_release(&text);
    return out;
}

struct value *answer_parties(struct kase *kase)
{
    struct value *list = value_list(kase->arena);
    for (size_t i = 0; i < kase->name_count; i++) {
        if (!text_starts(kase->names[i].id, "party:")) continue;
        struct value *map = value_map(kase->arena);
        value_set_text(kase->arena, map, "id", kase->names[i].id);
        value_set_text(kase->arena, map, "name", kase->names[i].name);
        value_set_text(kase->arena, map, "role", kase->names[i].role);
        value_add(kase->arena, list, map);
    }
    return list;
}

struct value *answer_command(struct kase *kase, struct value *did)
{
    struct value *map = value_map(kase->arena), *findings = value_list(kase->arena);
    value_set_bool(kase->arena, map, "ok", true);
    value_set_text(kase->arena, map, "case", kase->row.id);
    value_set_int(kase->arena, map, "n", (int64_t)kase->acting);
    value_set_text(kase->arena, map, "cause", kase->cause);
    answer_local(kase, map, "at", kase->at);
    value_set(kase->arena, map, "did", did);
    for (size_t i = 0; i < kase->findings.count; i++)
        value_add(kase->arena, findings, answer_finding(kase, &kase->findings.items[i]));
    value_set(kase->arena, map, "findings", findings);
    value_set(kase->arena, map, "fired", kase->fired);
    value_set(kase->arena, map, "where", answer_where(kase));
    return map;
}
