/* audit report: the engine's figures as one page to print; audit sample, as a list. */
#include "answer.h"
#include "html.h"
#include "render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- report ----------------------------------------------------------------------------------------------------------------- */

static int write_page(struct cli *cli, const char *path, const json_t *report)
{
    FILE *file = path ? fopen(path, "wx") : stdout;
    if (!file && errno == EEXIST) return usage_error(cli, _("%s is there already; give another name"), safe(cli, path));
    bool failed = !file;
    if (file) {
        report_html(cli, file, report);
        failed = fflush(file) != 0 || ferror(file);
        if (path) failed = fclose(file) != 0 || failed;
    }
    if (!failed) return GUAN_OK;
    fprintf(stderr, "guan: %s: %s\n", path ? safe(cli, path) : "stdout", strerror(errno));
    return GUAN_FAILED;
}

int cmd_report(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    const struct guan_period period = {
        .since = option_value(cli, 'S'), .until = option_value(cli, 'u'), .dealer = option_value(cli, 'd')};
    answer_start(&answer, cli, false, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_report(cli->guan, &period, option_value(cli, 'x'), &answer.sink, &error);
    if (code == GUAN_OK && !cli->json) code = write_page(cli, option_value(cli, 'o'), answer.last);
    return code == GUAN_OK || *error.text ? answer_finish(&answer, code, &error, NULL) : code;
}

/* --- sample ----------------------------------------------------------------------------------------------------------------- */

/* In quotation marks of a shell where it needs them. */
static const char *quoted(struct cli *cli, const char *text)
{
    bool plain = *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/+-") == strlen(text);
    const char *all = "";
    if (plain) return text;
    for (; *text; text++) all = *text == '\'' ? say(cli, "%s'\\''", all) : say(cli, "%s%c", all, *text);
    return say(cli, "'%s'", all);
}

const char *sample_command(struct cli *cli, const json_t *sample)
{
    static const char *const names[] = {"clause", "since", "until", "dealer"};
    const json_t *query = json_object_get(sample, "query");
    const char *all = say(cli, "guan audit sample -n %lld --number %s", (long long)number_at(query, "n"),
                          quoted(cli, text_at(sample, "number")));
    if (true_at(query, "entries")) all = say(cli, "%s --entries", all);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (*text_at(query, names[i])) all = say(cli, "%s --%s %s", all, names[i], quoted(cli, text_at(query, names[i])));
    return safe(cli, all);
}

static void render_sample(struct cli *cli, const json_t *values)
{
    const json_t *value = json_array_get(values, 0);
    struct grid *grid = grid_new(cli, 6);
    size_t i;
    json_t *item;
    printf("%s\n", say(cli, _("%lld of %lld"), (long long)number_at(value, "count"), (long long)number_at(value, "population")));
    json_array_foreach(json_object_get(value, "items"), i, item)
    {
        json_int_t n = number_at(item, "n");
        grid_put(grid, DIM, say(cli, "%zu", i + 1));
        grid_put(grid, PLAIN, n > 0 ? say(cli, "%s/%lld", text_at(item, "case"), (long long)n) : text_at(item, "case"));
        grid_put(grid, PLAIN, time_at(cli, item, "at", false));
        grid_put(grid, PLAIN, *text_at(item, "kind") ? kind_name(text_at(item, "kind")) : text_at(item, "process"));
        grid_put(grid, PLAIN, *title_at(item) ? title_at(item) : text_at(item, "activity"));
        grid_put(grid, DIM, say(cli, "%.16s", text_at(item, "rank")));
    }
    grid_print(grid, 2);
    grid_free(grid);
    print(cli, BOLD, "%s\n", _("how it was drawn"));
    printf("  %s\n", say(cli,
                         ngettext("ledger of %lld entry, root %s", "ledger of %lld entries, root %s",
                                  (unsigned long)number_at(value, "size")),
                         (long long)number_at(value, "size"), safe(cli, text_at(value, "root"))));
    printf("  %s\n", sample_command(cli, value));
    printf(
        "  %s\n",
        _("seed = SHA-256(root:number); rank = SHA-256(seed:item), item being CASE or CASE/ENTRY; the lowest ranks are drawn"));
    printf("  %s\n", say(cli, "printf %%s '%s:%s' | sha256sum  →  %s", safe(cli, text_at(value, "root")),
                         safe(cli, text_at(value, "number")), safe(cli, text_at(value, "seed"))));
}

int cmd_sample(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    const char *count = option_value(cli, 'n');
    char *end = NULL;
    struct guan_draw draw = {.count = 25,
                             .number = option_value(cli, 'x'),
                             .clause = option_value(cli, 'C'),
                             .entries = option_given(cli, 'E'),
                             .period = {option_value(cli, 'S'), option_value(cli, 'u'), option_value(cli, 'd')}};
    if (count) {
        errno = 0;
        unsigned long long n = *count >= '0' && *count <= '9' ? strtoull(count, &end, 10) : 0;
        if (!end || *end || errno || n < 1 || n > 100000)
            return usage_error(cli, _("-n takes a number from 1 to 100000, not \"%s\""), safe(cli, count));
        draw.count = (size_t)n;
    }
    if (!draw.number)
        return usage_error(cli, _("give a number of your own with --number: whoever could change the record must not know it "
                                  "beforehand, or he could choose the sample"));
    answer_start(&answer, cli, false, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_sample(cli->guan, &draw, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_sample);
}
