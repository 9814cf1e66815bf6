/* What is kept of a record that was allowed, and the findings that it leaves. */
#include "standard/judge.h"

#include "base/text.h"

#include <string.h>

static void reopen(struct judge *judge)
{
    struct standard *standard = judge->standard;
    for (uint32_t i = 0; i < judge->step->reopens.count; i++) {
        uint32_t other = standard->chart->step_refs[judge->step->reopens.first + i];
        struct step_facts *facts = &standard->steps[other];
        for (size_t k = 0; k < facts->count; k++) {
            facts->items[k].done = facts->items[k].waived = false;
            facts->items[k].since = INSTANT_NONE;
        }
    }
}

static void keep_times(struct step_facts *facts, instant at)
{
    if (facts->first == INSTANT_NONE || at < facts->first) facts->first = at;
    if (facts->last == INSTANT_NONE || at > facts->last) facts->last = at;
}

int judge_keep(struct judge *judge, uint64_t entry)
{
    struct standard *standard = judge->standard;
    struct step_facts *facts = &standard->steps[judge->index];
    struct instance *item = facts_instance_make(standard, judge->index, judge->key);
    instant at = standard->world->at;
    if (!item) return error_memory(judge->error);
    keep_times(facts, at);
    if (item->activation > judge->activation) return GUAN_OK; /* of an older activation: the newer record stays */
    struct past older = {item->at, item->entry, item->by, item->form},
                this = {at, entry, judge->act->actors[0].id, judge->record->form};
    if (item->activation != judge->activation)
        *item = (struct instance){.key = item->key,
                                  .activation = judge->activation,
                                  .since = INSTANT_NONE,
                                  .at = INSTANT_NONE,
                                  .past = item->past,
                                  .past_count = item->past_count,
                                  .past_capacity = item->past_capacity};
    bool latest = item->at == INSTANT_NONE || at >= item->at, again = item->count > 0;
    item->count++;
    if (judge->record->complete && (item->since == INSTANT_NONE || at < item->since)) item->since = at;
    if (latest) {
        bool stays = item->done && judge->step->done_when == CHART_NONE;
        item->done = judge->record->complete || stays;
        if (!item->done) item->since = INSTANT_NONE;
        if (item->done) item->waived = false;
        item->at = at;
        item->rec = standard->world->rec;
        item->by = judge->act->actors[0].id;
        item->role = judge->record->role;
        item->entry = entry;
        item->form = judge->record->form;
    }
    facts_past(standard, item, latest ? older : this);
    struct completion completion = {at, entry, item->key};
    if (judge->record->complete && judge->activation == standard->states[judge->step->state].number &&
        step_keeps(standard->chart, judge->index)) {
        int code = facts_completed(standard, judge->index, completion, judge->error);
        if (code != GUAN_OK) return code;
    }
    if (again && !judge->late) reopen(judge);
    return GUAN_OK;
}

struct chart_names judge_clauses(const struct judge *judge, const struct chart_field *field)
{
    return field->clauses.count ? field->clauses : judge->step->clauses;
}

const char *judge_field_code(const struct chart_field *field, enum chart_severity *severity)
{
    const char *code = field->code ? field->code : "FIELD_INVALID";
    *severity = field->severity == CHART_SEVERITY_DEFAULT ? severity_of_code(code) : field->severity;
    return code;
}

int judge_findings(struct judge *judge, struct findings *findings)
{
    struct standard *standard = judge->standard;
    for (size_t i = 0; i < judge->failing_count; i++) {
        const struct failing *failing = &judge->failing[i];
        const struct chart_field *field = failing->field;
        enum chart_severity severity;
        const char *code = judge_field_code(field, &severity);
        struct finding *finding =
            finding_add(standard, findings, code, severity, judge->index, judge_clauses(judge, field), NULL);
        if (!finding) return error_memory(judge->error);
        finding->text = arena_printf(standard->world->arena, "%s: %s %s: %s", judge->step->id, field->name,
                                     field->title ? field->title : "", failing->why);
        finding->instance = judge->record->instance;
        finding->at = standard->world->at;
    }
    if (judge->disorder) {
        struct finding *finding =
            finding_add(standard, findings, "ORDER_VIOLATION", CHART_MAJOR, judge->index, judge->order, NULL);
        if (!finding) return error_memory(judge->error);
        finding->text = arena_printf(standard->world->arena, "%s was done before what has to come first", judge->step->id);
        finding->instance = judge->record->instance;
        finding->at = standard->world->at;
    }
    if (judge->denied) {
        struct finding *finding =
            finding_add(standard, findings, "ROLE_DENIED", CHART_MAJOR, judge->index, judge->step->clauses, NULL);
        if (!finding) return error_memory(judge->error);
        finding->text = judge->denied;
        finding->at = standard->world->at;
    }
    return GUAN_OK;
}

int standard_lag(struct standard *standard, const char *step, struct findings *findings, struct guan_error *error)
{
    static const char *const clause[] = {"T-LAG"};
    struct world *world = standard->world;
    struct duration most = {.ms = 2 * MS_HOUR, .has_exact = true};
    const char *parameter = house_parameter(world->house, "T-LAG");
    if (parameter) (void)duration_parse(parameter, strlen(parameter), &most, NULL);
    if (world->rec <= duration_add(world->house->zone, world->at, &most)) return GUAN_OK;
    uint32_t index = step ? chart_step_by_id(standard->chart, step) : CHART_NONE;
    struct finding *finding =
        finding_add(standard, findings, "LATE_ENTRY", CHART_INFO, index, (struct chart_names){clause, 1}, NULL);
    if (!finding) return error_memory(error);
    char lag[64];
    duration_format_people(world->rec - world->at, true, lag, sizeof lag);
    finding->text = arena_printf(world->arena, "entered %s after it happened", lag);
    finding->at = world->at;
    return GUAN_OK;
}
