/* A refusal, for the record and for the person: what is missing, by which clause, and what to type next. */
#include "case/kase.h"

#include <string.h>

int refusal_finding(struct kase *kase, const struct refusal *refusal, struct guan_error *error)
{
    struct finding *finding = arena_alloc(kase->arena, sizeof *finding);
    if (!finding) return error_memory(error);
    kase->world.findings++;
    *finding = (struct finding){.fid = arena_printf(kase->arena, "F%u", kase->world.findings),
                                .code = strcmp(refusal->code, "ROLE_DENIED") == 0 ? "ROLE_DENIED" : "GUARD_BLOCKED",
                                .severity = CHART_INFO,
                                .clauses = refusal->clauses,
                                .status = "noted",
                                .session = refusal->session,
                                .step = refusal->step,
                                .due = INSTANT_NONE,
                                .at = kase->at,
                                .text = refusal->text};
    kase->findings = (struct findings){.items = finding, .count = 1, .capacity = 1};
    journal_findings(kase, 0);
    return arena_failed(kase->arena) ? error_memory(error) : GUAN_OK;
}

/* `guan do CASE process.step field=…` for each step that is missing. */
static struct value *next_commands(struct kase *kase, const struct refusal *refusal)
{
    struct value *list = value_list(kase->arena);
    for (size_t i = 0; i < value_count(refusal->missing); i++) {
        const struct value *item = value_at(refusal->missing, i);
        const char *step = value_get_text(item, "step");
        const struct member *member = kase_member(kase, value_get_text(item, "session"));
        uint32_t index = step && member ? chart_step_by_id(member->chart, step) : CHART_NONE;
        struct buffer text = {0};
        if (index == CHART_NONE) continue;
        const struct chart_step *chart_step = &member->chart->steps[index];
        if (member->order == 0) buffer_printf(&text, "guan do %s %s", kase->row.id, step);
        else buffer_printf(&text, "guan do %s %s.%s", kase->row.id, member->process, step);
        for (uint32_t f = 0; f < chart_step->fields.count; f++) {
            const struct chart_field *field = &member->chart->fields[chart_step->fields.first + f];
            if (field->required && field->initial == CHART_NONE) buffer_printf(&text, " %s=…", field->name);
        }
        value_add(kase->arena, list, value_text_n(kase->arena, text.data, text.length));
        buffer_release(&text);
    }
    return list;
}

struct value *refusal_answer(struct kase *kase, const struct refusal *refusal)
{
    struct value *map = value_map(kase->arena), *clauses = value_list(kase->arena);
    for (uint32_t i = 0; i < refusal->clauses.count; i++)
        value_add(kase->arena, clauses, value_text(kase->arena, refusal->clauses.items[i]));
    value_set_text(kase->arena, map, "code", refusal->code ? refusal->code : "USAGE");
    value_set_text(kase->arena, map, "reason", refusal->reason);
    value_set(kase->arena, map, "clause", clauses);
    value_set_text(kase->arena, map, "step", refusal->step);
    value_set_text(kase->arena, map, "text", refusal->text);
    value_set_text(kase->arena, map, "hint", refusal->hint);
    value_set(kase->arena, map, "missing", refusal->missing);
    value_set(kase->arena, map, "next", next_commands(kase, refusal));
    return map;
}

int refusal_usage(struct kase *kase, const struct refusal *refusal, struct guan_error *error)
{
    error_set(error, GUAN_USAGE, refusal->reason ? refusal->reason : "usage", "%s",
              refusal->text ? refusal->text : "that cannot be done now");
    if (refusal->hint) return error_hint(error, "%s", refusal->hint);
    return error_hint(error, "guan todo %s shows what can be done", kase->row.id);
}
