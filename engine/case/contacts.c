/* Numbers and addresses that a customer is found by: kept among the names of the case, which are erased with it, and nowhere else
 * in the clear but in the disclosures. */
#include "case/kase.h"

#include <string.h>

static bool is_contact(enum chart_type type)
{
    return type == CHART_MOBILE || type == CHART_LANDLINE || type == CHART_WECHAT || type == CHART_EMAIL ||
           type == CHART_CONTACTS;
}

static const struct chart_field *field_named(struct kase *kase, const struct chart *chart, const struct chart_span *fields,
                                             const char *name, size_t length)
{
    const char *whole = arena_text(kase->arena, name, length);
    uint32_t index = whole ? chart_field_by_name(chart, fields, whole) : CHART_NONE;
    return index == CHART_NONE ? NULL : &chart->fields[index];
}

/* The field that "form.NAME", "form.NAME.0.value" or, of a list of records, "form.NAME.0.MEMBER" is a value of. */
static const struct chart_field *field_of(struct kase *kase, const struct chart *chart, const struct chart_step *step,
                                          const char *path)
{
    if (!text_starts(path, "form.")) return NULL;
    path += strlen("form.");
    const struct chart_field *field = field_named(kase, chart, &step->fields, path, strcspn(path, "."));
    const char *member = strrchr(path, '.');
    if (!field || !field->fields.count || !member) return field;
    return field_named(kase, chart, &field->fields, member + 1, strlen(member + 1));
}

int contacts_keep(struct kase *kase, const struct value *entry, struct guan_error *error)
{
    const struct member *member = kase_member(kase, value_get_text(entry, "sess"));
    const char *id = value_get_text(entry, "step");
    uint32_t index = member && id ? chart_step_by_id(member->chart, id) : CHART_NONE;
    int code = GUAN_OK;
    for (size_t i = 0; index != CHART_NONE && i < kase->personal_count && code == GUAN_OK; i++) {
        const struct chart_field *field = field_of(kase, member->chart, &member->chart->steps[index], kase->personal[i].path);
        const char *text = value_as_text(kase->personal[i].value), *token;
        if (kase->guan->replay) text = token = value_as_text(kase->personal[i].seen); /* which rows there have to be */
        if (!field || !is_contact(field->type) || !text) continue;
        if (!kase->guan->replay) code = personal_token(kase->arena, &kase->secret, kase->personal[i].value, &token, error);
        if (code != GUAN_OK) return code;
        struct name_row row = {arena_printf(kase->arena, "contact:%s", token), text, chart_type_name(field->type)};
        code = row.id ? store_name_put(kase->guan->store, kase->row.id, &row, error) : error_memory(error);
    }
    return code;
}
