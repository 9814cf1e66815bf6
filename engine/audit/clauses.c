/* A clause stands for itself and for all that is below it, wherever one is asked for: findings, samples, coverage, key figures.
 */
#include "audit/clauses.h"

#include "base/text.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool clause_under(const char *id, const char *asked)
{
    size_t length = strlen(asked);
    if (strncmp(id, asked, length) != 0) return false;
    if (!length || !id[length]) return true;
    char last = asked[length - 1], next = id[length]; /* a number or a word does not go on */
    return !(is_digit(last) && is_digit(next)) && !(is_letter(last) && is_letter(next));
}

bool clauses_under(const struct value *list, const char *asked)
{
    for (size_t i = 0; i < value_count(list); i++) {
        const char *id = value_as_text(value_at(list, i));
        if (id && clause_under(id, asked)) return true;
    }
    return false;
}

static size_t alike(const char *a, const char *b)
{
    size_t length = 0;
    while (a[length] && a[length] == b[length]) length++;
    return length;
}

int clause_known(const struct catalogue *catalogue, const char *asked, struct guan_error *error)
{
    const char *close = NULL;
    for (size_t i = 0; i < catalogue_clause_count(catalogue); i++) {
        const char *id = catalogue_clause_at(catalogue, i)->id;
        if (clause_under(id, asked)) return GUAN_OK;
        if (text_close(id, asked) && (!close || alike(id, asked) > alike(close, asked))) close = id;
    }
    if (catalogue_clause(catalogue, asked)) return GUAN_OK; /* a parameter */
    error_set(error, GUAN_USAGE, "unknown-clause", "no clause is called \"%s\", or begins so", asked);
    return close ? error_hint(error, "did you mean \"%s\"?", close) : GUAN_USAGE;
}

struct looking {
    struct guan *guan;
    const char *asked;
    struct guan_error *error, *unknown;
    bool found, any;
};

static int look(void *user, const struct case_row *row)
{
    struct looking *looking = user;
    struct setting *setting;
    if (strcmp(row->id, "-") == 0) return GUAN_OK;
    int code = setting_get(looking->guan, &row->def, row->dealer, &setting, looking->error);
    if (code != GUAN_OK) return code;
    looking->found = clause_known(setting->catalogue, looking->asked, looking->unknown) == GUAN_OK;
    looking->any = true;
    return looking->found ? GUAN_NO : GUAN_OK; /* no need to go on */
}

int clause_in_store(struct guan *guan, const char *asked, struct guan_error *error)
{
    struct guan_error unknown;
    struct looking looking = {.guan = guan, .asked = asked, .error = error, .unknown = &unknown};
    if (!asked) return GUAN_OK;
    error_clear(&unknown);
    int code = store_case_each(guan->store, NULL, look, &looking, error);
    if (looking.found) return GUAN_OK;
    if (code != GUAN_OK || !looking.any) return code;
    *error = unknown;
    return unknown.code;
}
