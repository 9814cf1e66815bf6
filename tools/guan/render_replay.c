/* What a re-performance came to: the first difference of each case, side by side, and the counts. */
#include "render.h"

#include <string.h>

static const char *place(struct cli *cli, const json_t *difference)
{
    const char *where = text_at(difference, "where"), *row = text_at(difference, "row");
    json_int_t n = number_at(difference, "n");
    if (strcmp(where, "entry") == 0) return say(cli, _("entry %lld"), (long long)n);
    if (strcmp(where, "disclosure") == 0) return say(cli, _("entry %lld, personal value %s"), (long long)n, row);
    if (strcmp(where, "definition") == 0) return say(cli, _("entry %lld, file %s"), (long long)n, row);
    if (strcmp(where, "session") == 0) return say(cli, _("session %s"), row);
    if (strcmp(where, "timer") == 0) return say(cli, _("timer %s"), row);
    if (strcmp(where, "name") == 0) return say(cli, _("name %s"), row);
    return _("the case's row");
}

static void print_difference(struct cli *cli, const char *id, const json_t *difference)
{
    const char *key = text_at(difference, "key"), *text = text_at(difference, "text");
    bool sides = json_object_get(difference, "recorded") || json_object_get(difference, "performed");
    print(cli, BAD, "%s", say(cli, _("case %s is different: "), safe(cli, id)));
    printf("%s%s%s\n", safe(cli, place(cli, difference)), *key ? ", " : "", safe(cli, key));
    struct grid *grid = sides ? grid_new(cli, 2) : NULL;
    if (grid) {
        grid_put(grid, DIM, _("recorded"));
        grid_put(grid, PLAIN, json_object_get(difference, "recorded") ? text_at(difference, "recorded") : _("nothing"));
        grid_put(grid, DIM, _("re-performed"));
        grid_put(grid, PLAIN, json_object_get(difference, "performed") ? text_at(difference, "performed") : _("nothing"));
        grid_print(grid, 2);
    }
    grid_free(grid);
    if (*text) printf("  %s\n", safe(cli, text));
}

static void print_totals(struct cli *cli, const json_t *totals)
{
    bool bad = number_at(totals, "different") > 0;
    long long cases = number_at(totals, "cases");
    print(cli, bad ? BAD : GOOD, "%s",
          say(cli,
              ngettext("%lld case re-performed, %lld entries: ", "%lld cases re-performed, %lld entries: ", (unsigned long)cases),
              cases, (long long)number_at(totals, "entries")));
    printf("%s\n", say(cli, _("%lld identical, %lld not comparable, %lld different"), (long long)number_at(totals, "identical"),
                       (long long)number_at(totals, "not_comparable"), (long long)number_at(totals, "different")));
    if (number_at(totals, "given") > 0)
        print(cli, DIM, "%s\n",
              say(cli,
                  _("%lld entries were taken as they stand: what was tried there is erased, or they are not performed by the "
                    "engine"),
                  (long long)number_at(totals, "given")));
}

void render_replay(struct cli *cli, const json_t *values)
{
    size_t i;
    json_t *value;
    json_array_foreach(values, i, value)
    {
        const char *id = text_at(value, "case"), *status = text_at(value, "status");
        if (json_object_get(value, "cases")) print_totals(cli, value);
        else if (strcmp(status, "different") == 0) print_difference(cli, id, json_object_get(value, "difference"));
        else if (strcmp(status, "not_comparable") == 0)
            printf("%s\n", say(cli, _("case %s is not comparable: it was recorded by other rules of the engine (%lld)"),
                               safe(cli, id), (long long)number_at(value, "sem")));
        else
            printf("%s\n",
                   say(cli, _("case %s is identical: %lld entries"), safe(cli, id), (long long)number_at(value, "entries")));
    }
}
