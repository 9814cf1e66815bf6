/* The audit report as a page: what a quality manager puts on the table. All figures are the engine's; here they are only shown.
 */
#include "html.h"

#include <string.h>

static void fact(const struct page *page, const char *name, const char *escaped)
{
    if (!*escaped) return;
    html_row(page);
    html_cell(page, "", html(page->cli, name));
    html_cell(page, "", escaped);
    fputs("</tr>\n", page->out);
}

static const char *period_of(struct cli *cli, const json_t *statement)
{
    const json_t *query = json_object_get(statement, "query");
    const char *since = text_at(query, "since"), *until = text_at(query, "until");
    if (!*since && !*until) return _("the whole record");
    return say(cli, "%s – %s", *since ? safe(cli, since) : "…", *until ? safe(cli, until) : "…");
}

static void head(const struct page *page, const json_t *report)
{
    struct cli *cli = page->cli;
    const json_t *statement = json_object_get(report, "statement"), *query = json_object_get(statement, "query"),
                 *checkpoint = json_object_get(statement, "checkpoint");
    const char *dealer = list_at(cli, report, "dealers", _(", "));
    if (!*dealer) dealer = text_at(query, "dealer");
    fprintf(page->out, "<header><h1>%s</h1>\n<p>%s · %s · %s</p></header>\n",
            html(cli, _("Audit report on the service standard")), html(cli, *dealer ? dealer : _("no case in this period")),
            html(cli, period_of(cli, statement)),
            html(cli, say(cli,
                          ngettext("record of %lld entry, root %.12s…", "record of %lld entries, root %.12s…",
                                   (unsigned long)number_at(checkpoint, "size")),
                          (long long)number_at(checkpoint, "size"), safe(cli, text_at(checkpoint, "root")))));
    if (true_at(statement, "virtual"))
        fprintf(page->out, "<p class=\"alert\">%s</p>\n",
                html(cli, _("This store runs on a virtual clock: it is a trial or a demonstration, and proves nothing about real "
                            "times.")));
}

static void tile(const struct page *page, const char *class, json_int_t n, const char *name)
{
    fprintf(page->out, "<div class=\"tile %s\"><b>%lld</b><span>%s</span></div>", n ? class : "", (long long)n,
            html(page->cli, name));
}

static void tiles(const struct page *page, const json_t *report)
{
    const json_t *summary = json_object_get(report, "summary");
    fputs("<div class=\"tiles\">", page->out);
    tile(page, "", number_at(summary, "cases"), _("cases"));
    tile(page, "", number_at(summary, "entries"), _("entries"));
    tile(page, "bad", number_at(summary, "standing"), _("findings that stand"));
    tile(page, "warn", number_at(summary, "late"), _("steps out of time"));
    tile(page, "warn", number_at(summary, "waivers"), _("waivers"));
    tile(page, "", number_at(summary, "refused"), _("refused attempts"));
    fputs("</div>\n", page->out);
}

/* The newest signed one, whole: who keeps the page keeps it too. */
static const char *seal_shown(struct cli *cli, const json_t *checkpoint)
{
    const char *note = text_at(checkpoint, "note"), *all = "";
    json_int_t sealed = number_at(checkpoint, "sealed"), size = number_at(checkpoint, "size");
    if (!*note) return html(cli, _("none: the record has no key, or has not been sealed yet"));
    while (*note) { /* line by line: a line end is no character to be made visible */
        size_t length = strcspn(note, "\n");
        all = say(cli, "%s%s<br>", all, html(cli, say(cli, "%.*s", (int)length, note)));
        note += length + (note[length] == '\n');
    }
    return say(
        cli, "%s<br><code>%s</code>",
        html(cli,
             say(cli, ngettext("of %lld entry; %lld came after it", "of %lld entries; %lld came after it", (unsigned long)sealed),
                 (long long)sealed, (long long)(size - sealed))),
        all);
}

static void statement(const struct page *page, const json_t *report)
{
    struct cli *cli = page->cli;
    const json_t *value = json_object_get(report, "statement"), *counts = json_object_get(value, "counts"),
                 *checkpoint = json_object_get(value, "checkpoint"), *kinds = json_object_get(counts, "kinds"),
                 *summary = json_object_get(report, "summary");
    const char *all = "", *kind;
    json_t *count;
    json_object_foreach((json_t *)kinds, kind, count) all =
        say(cli, "%s%s%s %lld", all, *all ? " · " : "", kind_name(kind), (long long)json_integer_value(count));
    html_section(
        page, _("Completeness"),
        _("Every entry that was recorded in the period has been read; none was left out. The report says what the record "
          "held at this checkpoint."));
    html_table(page, "facts", NULL);
    fact(page, _("period"), html(cli, period_of(cli, value)));
    fact(page, _("recorded between"),
         html(cli, say(cli, "%s – %s", time_at(cli, value, "first", false), time_at(cli, value, "last", false))));
    fact(page, _("cases"),
         html(cli,
              say(cli, _("%lld, of which %lld still run; personal data erased in %lld"), (long long)number_at(counts, "cases"),
                  (long long)number_at(summary, "running"), (long long)number_at(summary, "erased"))));
    fact(page, _("entries"), html(cli, say(cli, "%lld: %s", (long long)number_at(counts, "entries"), all)));
    fact(page, _("checkpoint"),
         say(cli, "%s<br><code>%s</code>",
             html(cli, say(cli, ngettext("%lld entry, root", "%lld entries, root", (unsigned long)number_at(checkpoint, "size")),
                           (long long)number_at(checkpoint, "size"))),
             say(cli, "%s</code><br><code>%s", html(cli, text_at(checkpoint, "root")),
                 html(cli, text_at(checkpoint, "root_hex")))));
    fact(page, _("signed checkpoint"), seal_shown(cli, checkpoint));
    fact(page, _("hash of these entries"), say(cli, "<code>%s</code>", html(cli, text_at(value, "entries_root"))));
    fact(page, _("check it"), "<code>guan audit verify --against CHECKPOINT</code><br><code>guan audit report --json</code>");
    html_table_end(page);
}

static void summary(const struct page *page, const json_t *report)
{
    struct cli *cli = page->cli;
    const json_t *value = json_object_get(report, "summary"), *codes = json_object_get(value, "code"),
                 *statuses = json_object_get(value, "status");
    const char *code, *all = "";
    json_t *count;
    html_section(page, _("Findings"),
                 say(cli,
                     ngettext("%lld finding in all, %lld of them stand. A finding is never deleted: one that was made good or "
                              "waived stays on record.",
                              "%lld findings in all, %lld of them stand. A finding is never deleted: one that was made good or "
                              "waived stays on record.",
                              (unsigned long)number_at(value, "findings")),
                     (long long)number_at(value, "findings"), (long long)number_at(value, "standing")));
    svg_severity(page, json_object_get(value, "severity"));
    json_object_foreach((json_t *)statuses, code, count) all =
        say(cli, "%s%s%s %lld", all, *all ? " · " : "", status_name(code), (long long)json_integer_value(count));
    fprintf(page->out, "<p class=\"note\">%s</p>\n", html(cli, all));
    fputs("<div class=\"codes\">", page->out);
    json_object_foreach((json_t *)codes, code, count)
        fprintf(page->out, "<div><b>%lld</b>%s<br><span class=\"id\">%s</span></div>", (long long)json_integer_value(count),
                html(cli, code_name(code)), html(cli, code));
    fputs("</div>\n", page->out);
}

static const char *number_cell(struct cli *cli, const json_t *row, const char *key)
{
    json_int_t n = number_at(row, key);
    return n ? say(cli, "%lld", (long long)n) : "<span class=\"zero\">0</span>";
}

static void clauses(const struct page *page, const json_t *report)
{
    static const char *const keys[] = {"critical", "major", "minor", "info", "total", "standing"};
    struct cli *cli = page->cli;
    const json_t *rows = json_object_get(report, "clauses");
    size_t i;
    json_t *row;
    html_section(page, _("Findings by clause"),
                 _("The gravest first. A finding that breaks several clauses counts with each of them."));
    if (json_array_size(rows) == 0) {
        fprintf(page->out, "<p>%s</p>\n", html(cli, _("None in this period.")));
        return;
    }
    html_table(page, "",
               (const struct html_column[]){{"", _("clause")},
                                            {"", _("title")},
                                            {"", _("rests on")},
                                            {"n", severity_name("critical")},
                                            {"n", severity_name("major")},
                                            {"n", severity_name("minor")},
                                            {"n", severity_name("info")},
                                            {"n", _("all")},
                                            {"n", _("stand")},
                                            {NULL, NULL}});
    json_array_foreach(rows, i, row)
    {
        html_row(page);
        html_cell(page, "t", html(cli, text_at(row, "clause")));
        html_cell(page, "", html(cli, title_at(row)));
        html_cell(page, "t", html(cli, basis_name(text_at(row, "basis"))));
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) html_cell(page, "n", number_cell(cli, row, keys[k]));
        fputs("</tr>\n", page->out);
    }
    html_table_end(page);
}

/* --- key figures ------------------------------------------------------------------------------------------------------------ */

static const char *share_of(struct cli *cli, const json_t *value)
{
    json_int_t count = number_at(value, "count"), base = number_at(value, "base");
    if (base == 0) return "<span class=\"zero\">–</span>";
    double share = 100.0 * (double)count / (double)base;
    return say(cli, "<span class=\"big\">%.1f</span>%s", share, true_at(value, "per_hundred") ? "" : " %");
}

static const char *figure_text(struct cli *cli, const json_t *value)
{
    const char *text = html(cli, kpi_formula(text_at(value, "id"))), *key;
    const char *clauses = list_at(cli, value, "of", " ");
    json_t *part;
    text = say(cli, "%s%s%s%s", text, *clauses ? " <span class=\"id\">" : "", html(cli, clauses), *clauses ? "</span>" : "");
    json_object_foreach(json_object_get(value, "parts"), key, part) text =
        say(cli, "%s<br><span class=\"id\">%s: %lld / %lld</span>", text,
            html(cli, strcmp(key, "-") != 0 ? part_name(key) : _("not said")), (long long)number_at(part, "count"),
            (long long)number_at(part, "base"));
    return text;
}

static void figures(const struct page *page, const json_t *report)
{
    struct cli *cli = page->cli;
    size_t i;
    json_t *value;
    html_section(page, _("Key figures"),
                 _("Each with its two numbers and how it is formed; – where there was nothing to count."));
    html_table(page, "",
               (const struct html_column[]){
                   {"", _("figure")}, {"n", ""}, {"n", _("numbers")}, {"", ""}, {"", _("how it is formed")}, {NULL, NULL}});
    json_array_foreach(json_object_get(report, "kpis"), i, value)
    {
        json_int_t count = number_at(value, "count"), base = number_at(value, "base");
        html_row(page);
        html_cell(page, "v", html(cli, kpi_name(text_at(value, "id"))));
        html_cell(page, "n v", share_of(cli, value));
        html_cell(page, "n v", base ? say(cli, "%lld / %lld", (long long)count, (long long)base) : "");
        fputs("<td class=\"v\">", page->out);
        if (base && !true_at(value, "per_hundred")) svg_share(page, (double)count / (double)base);
        fputs("</td>", page->out);
        html_cell(page, "v", figure_text(cli, value));
        fputs("</tr>\n", page->out);
    }
    html_table_end(page);
}

static const char *span_cell(struct cli *cli, const json_t *stage, const char *key)
{
    return number_at(stage, "count") ? html(cli, span_of(cli, number_at(stage, key))) : "<span class=\"zero\">–</span>";
}

static void stages(const struct page *page, const json_t *report)
{
    struct cli *cli = page->cli;
    const json_t *rows = json_object_get(report, "stages");
    size_t i;
    json_t *stage;
    if (json_array_size(rows) == 0) return;
    html_section(page, _("Time spent in each stage"),
                 _("Whole flows in bold, their states below. The line runs from the shortest to the "
                   "longest, the bar from the median to the ninth of ten; the scale is by powers of ten."));
    fputs("<table class=\"stages\"><thead><tr>", page->out);
    const char *const heads[] = {_("stage"), _("ended"), _("running"), _("median"), _("9 of 10")};
    for (size_t k = 0; k < 5; k++) fprintf(page->out, "<th class=\"%s\">%s</th>", k ? "n" : "", html(cli, heads[k]));
    fputs("<th>", page->out);
    svg_stage_axis(page);
    fputs("</th></tr></thead>\n", page->out);
    json_array_foreach(rows, i, stage)
    {
        bool flow = !*text_at(stage, "state");
        const char *title = *title_at(stage) ? title_at(stage) : text_at(stage, "process");
        html_row(page);
        html_cell(page, "v",
                  say(cli, flow ? "<b>%s</b> <span class=\"id\">%s</span>" : "&emsp;%s <span class=\"id\">%s</span>",
                      html(cli, title), html(cli, flow ? text_at(stage, "process") : text_at(stage, "state"))));
        html_cell(page, "n v", number_cell(cli, stage, "count"));
        html_cell(page, "n v", number_cell(cli, stage, "running"));
        html_cell(page, "n v", span_cell(cli, stage, "median_ms"));
        html_cell(page, "n v", span_cell(cli, stage, "p90_ms"));
        fputs("<td class=\"v\">", page->out);
        svg_stage(page, stage);
        fputs("</td></tr>\n", page->out);
    }
    html_table_end(page);
}

static void weeks(const struct page *page, const json_t *report)
{
    const json_t *rows = json_object_get(report, "weeks");
    if (json_array_size(rows) == 0) return;
    html_section(page, _("Trend by week"),
                 _("A week is named by its Monday. Colours as under Findings: info at the top, critical at the bottom."));
    svg_weeks(page, rows);
}

static void limits(const struct page *page, const json_t *report)
{
    static const char *const texts[] = {
        N_("What was never entered is not here. It shows only where something was due and did not come."),
        N_("Whoever can write the store's file as the same user can add false but well-formed entries after the last checkpoint "
           "that "
           "is kept elsewhere. What lies before it cannot be changed unseen."),
        N_("A record that was cut off, or written anew as a whole with the same key, looks whole by itself. Only a checkpoint "
           "kept "
           "outside, a witness or a time stamp shows it: guan audit verify --against."),
        N_("A name given with --as is a claim, unless the entry says that the operating system or a token knew who it was; how "
           "many "
           "were claims stands under Separation of duties."),
        N_("When something happened is what people said; when it was recorded is what the machine's clock said. Whoever sets the "
           "clock "
           "sets the latter; the record only shows that it never ran backwards in a case."),
        N_("That a step was recorded does not show that it was done well. The sample is there to be held against the papers and "
           "the "
           "customers."),
        N_("The administrator of the machine, copies of the disk, and personal data in old backups are beyond what this record "
           "can "
           "guard."),
    };
    (void)report;
    html_section(page, _("What the record cannot prove"), "");
    fputs("<ol class=\"limits\">\n", page->out);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) fprintf(page->out, "<li>%s</li>\n", html(page->cli, _(texts[i])));
    fputs("</ol>\n", page->out);
    const char *const names[] = {_("auditor"), _("for the dealer"), _("place and date")};
    fputs("<div class=\"sign\">", page->out);
    for (size_t i = 0; i < 3; i++) fprintf(page->out, "<div>%s</div>", html(page->cli, names[i]));
    fputs("</div>\n", page->out);
}

void report_html(struct cli *cli, FILE *out, const json_t *report)
{
    const struct page page = {cli, out};
    html_begin(&page, _("Audit report on the service standard"));
    head(&page, report);
    tiles(&page, report);
    summary(&page, report);
    page_late(&page, report);
    page_waivers(&page, report);
    page_refused(&page, report);
    page_duties(&page, report);
    figures(&page, report);
    stages(&page, report);
    weeks(&page, report);
    clauses(&page, report);
    statement(&page, report);
    page_sample(&page, json_object_get(report, "sample"));
    limits(&page, report);
    html_end(&page);
}
