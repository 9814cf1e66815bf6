/* audit export: writes the record out, and says what it wrote. */
#include "answer.h"
#include "render.h"

static void render_export(struct cli *cli, const json_t *values)
{
    const json_t *value = json_array_get(values, 0), *counts = json_object_get(value, "counts"),
                 *checkpoint = json_object_get(value, "checkpoint");
    print(cli, GOOD, "%s", _("written: "));
    json_int_t bytes = number_at(value, "bytes"), cases = number_at(counts, "cases"), entries = number_at(counts, "entries"),
               size = number_at(checkpoint, "size");
    printf("%s\n", say(cli, ngettext("%s, %lld byte", "%s, %lld bytes", (unsigned long)bytes), safe(cli, text_at(value, "file")),
                       (long long)bytes));
    printf("%s%s", say(cli, ngettext("%lld case", "%lld cases", (unsigned long)cases), (long long)cases), _(", "));
    printf("%s\n", say(cli, ngettext("%lld entry", "%lld entries", (unsigned long)entries), (long long)entries));
    printf("SHA-256 %s\n", safe(cli, text_at(value, "sha256")));
    printf("%s\n", say(cli, ngettext("ledger of %lld entry, root %s", "ledger of %lld entries, root %s", (unsigned long)size),
                       (long long)size, safe(cli, text_at(checkpoint, "root"))));
    print(cli, DIM, "%s\n", _("The completeness statement lies beside it, in a file that ends in .statement.json."));
}

int cmd_export(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    const struct guan_export what = {
        .format = cli->args[0],
        .path = option_value(cli, 'o'),
        .period = {.since = option_value(cli, 'S'), .until = option_value(cli, 'u'), .dealer = option_value(cli, 'd')},
        .names = option_given(cli, 'N')};
    if (!what.path) return usage_error(cli, _("where to? give -o FILE"));
    answer_start(&answer, cli, false, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_export(cli->guan, &what, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_export);
}
