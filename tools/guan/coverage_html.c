/* The page of audit coverage: for a quality manager, to read and to print. No scripts, nothing from elsewhere. */
#include "coverage.h"

#include <errno.h>
#include <string.h>
#include <time.h>

struct page {
    struct cli *cli;
    FILE *out;
    const json_t *values, *summary;
    bool store, told; /* there are cases, stories */
};

static const char style[] =
    ":root{--good:#1a7f4b;--warn:#b7791f;--bad:#b42318;--line:#dcdfe4;--dim:#667085;--soft:#f6f7f9}"
    "*{box-sizing:border-box}"
    "body{font:15px/1.55 system-ui,'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;color:#1d2430;margin:0 auto;"
    "padding:2.2rem 1.6rem 4rem;max-width:76rem}"
    "h1{font-size:1.7rem;margin:0 0 .2rem}h2{font-size:1.15rem;margin:2.4rem 0 .6rem;padding-top:.4rem}"
    "h2 small{font-weight:400;color:var(--dim);margin-left:.6rem}p{margin:.4rem 0}.dim{color:var(--dim)}"
    "table{border-collapse:collapse;width:100%;font-size:.92rem}"
    "th{text-align:left;font-weight:600;color:var(--dim);border-bottom:2px solid var(--line);padding:.35rem .6rem;"
    "white-space:nowrap}"
    "td{border-bottom:1px solid var(--line);padding:.38rem .6rem;vertical-align:top}"
    ".fixed{table-layout:fixed}.fixed th{white-space:normal}"
    ".fixed th.n,.fixed td.n{padding-left:.15rem;padding-right:.3rem}.fixed th.n{font-size:.85em}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "td.id{white-space:nowrap;font-variant-numeric:tabular-nums}"
    "tr.heading td{background:var(--soft);font-weight:600}tr.untestable td{color:var(--dim)}"
    "code{font:.86em ui-monospace,Consolas,'DejaVu Sans Mono',monospace;background:var(--soft);padding:.05em .3em;"
    "border-radius:3px;overflow-wrap:anywhere}"
    ".mark{white-space:nowrap;font-weight:600}.mark::before{content:'\\25cf';margin-right:.35em}"
    ".exercised .mark{color:var(--good)}.encoded .mark{color:var(--warn)}.missing .mark{color:var(--bad)}"
    ".untestable .mark::before{content:'\\2013'}.untestable .mark{font-weight:400}"
    ".key{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin:0 .35em 0 1.1em;vertical-align:-.05em}"
    "svg{display:block;width:100%;height:14px;border-radius:3px}summary{cursor:pointer}"
    "details{position:relative}details ul{position:absolute;right:0;z-index:1;width:24rem;max-height:20rem;overflow:auto;"
    "background:#fff;border:1px solid var(--line);border-radius:4px;margin:.2rem 0;padding:.5rem .7rem .5rem 1.6rem}"
    ".gaps code{margin:0 .25rem .25rem 0;display:inline-block}"
    "@media print{body{max-width:none;padding:0;font-size:11px}h2{break-after:avoid}tr{break-inside:avoid}"
    "summary{list-style:none}}"
    "@page{margin:14mm}";

/* --- parts ------------------------------------------------------------------------------------------------------------------ */

static void text(struct page *page, const char *shown)
{
    for (const char *c = safe(page->cli, shown); *c; c++) {
        if (*c == '&') fputs("&amp;", page->out);
        else if (*c == '<') fputs("&lt;", page->out);
        else if (*c == '>') fputs("&gt;", page->out);
        else if (*c == '"') fputs("&quot;", page->out);
        else fputc(*c, page->out);
    }
}

static void tag(struct page *page, const char *open, const char *shown, const char *close)
{
    fputs(open, page->out);
    text(page, shown);
    fputs(close, page->out);
}

static void number(struct page *page, json_int_t value, bool blank)
{
    fprintf(page->out, "<td class=\"n\">");
    if (value || !blank) fprintf(page->out, "%lld", (long long)value);
    fputs("</td>", page->out);
}

/* Of a hundred parts: exercised, encoded only, not encoded. */
static void bar(struct page *page, json_int_t testable, json_int_t encoded, json_int_t exercised)
{
    if (!testable) return;
    double a = 100.0 * (double)exercised / (double)testable, b = 100.0 * (double)encoded / (double)testable;
    fputs("<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"", page->out);
    fprintf(page->out, "%lld / %lld / %lld", (long long)exercised, (long long)encoded, (long long)testable);
    fputs("\"><rect width=\"100\" height=\"10\" fill=\"#e9b3ae\"/>", page->out);
    fprintf(page->out,
            "<rect width=\"%.2f\" height=\"10\" fill=\"#ecc979\"/><rect width=\"%.2f\" height=\"10\" fill=\"#3f9b6d\"/></svg>", b,
            a);
}

static void print_key(struct page *page)
{
    fputs("<p class=\"dim\">", page->out);
    const char *const keys[][2] = {
        {"#3f9b6d", _("exercised by a story")}, {"#ecc979", _("encoded, but in no story")}, {"#e9b3ae", _("encoded nowhere")}};
    for (size_t i = 0; i < 3; i++) {
        fprintf(page->out, "<span class=\"key\" style=\"background:%s%s\"></span>", keys[i][0], i ? "" : ";margin-left:0");
        text(page, keys[i][1]);
    }
    fputs("</p>\n", page->out);
}

/* --- the summary ------------------------------------------------------------------------------------------------------------ */

static void print_tally(struct page *page, const char *name, const json_t *tally)
{
    fputs("<tr>", page->out);
    tag(page, "<td class=\"id\"><b>", name, "</b></td>");
    tag(page, "<td>", title_at(tally), "</td>");
    number(page, number_at(tally, "clauses"), false);
    number(page, number_at(tally, "testable"), false);
    number(page, number_at(tally, "encoded"), false);
    if (page->told) number(page, number_at(tally, "exercised"), false);
    tag(page, "<td class=\"n\"><b>", coverage_percent(page->cli, tally, page->told ? "exercised" : "encoded"),
        "</b></td><td style=\"width:26%\">");
    bar(page, number_at(tally, "testable"), number_at(tally, "encoded"), number_at(tally, "exercised"));
    fputs("</td></tr>\n", page->out);
}

static void print_head_cells(struct page *page, const char *const *heads, size_t count, size_t first_number, size_t last_number)
{
    fputs("<thead><tr>", page->out);
    for (size_t i = 0; i < count; i++)
        tag(page, i >= first_number && i <= last_number ? "<th class=\"n\">" : "<th>", heads[i], "</th>");
    fputs("</tr></thead><tbody>\n", page->out);
}

static void print_gaps(struct page *page)
{
    const json_t *gaps = json_object_get(page->summary, "gaps");
    size_t i;
    json_t *gap;
    if (json_array_size(gaps) == 0) {
        tag(page, "<p><b style=\"color:var(--good)\">", _("no gaps in the standards and in law"), "</b></p>\n");
        return;
    }
    tag(page, "<p class=\"gaps\"><b style=\"color:var(--bad)\">",
        say(page->cli, page->told ? _("%zu not encoded or not exercised: ") : _("%zu not encoded: "), json_array_size(gaps)),
        "</b>");
    json_array_foreach(gaps, i, gap) tag(page, "<code>", json_string_value(gap), "</code>");
    fputs("</p>\n", page->out);
}

static void print_summary(struct page *page)
{
    const char *const heads[] = {_("standard"), _("title"),     _("clauses"), _("testable"),
                                 _("encoded"),  _("exercised"), _("percent"), ""};
    const char *const untold[] = {heads[0], heads[1], heads[2], heads[3], heads[4], heads[6], heads[7]};
    const json_t *standards = json_object_get(page->summary, "standards");
    size_t i;
    json_t *row;
    if (!page->told) tag(page, "<p><b style=\"color:var(--warn)\">", _("no stories found: give --stories DIR"), "</b></p>\n");
    fputs("<table>", page->out);
    if (page->told) print_head_cells(page, heads, 8, 2, 6);
    else print_head_cells(page, untold, 7, 2, 5);
    json_array_foreach(standards, i, row) print_tally(page, text_at(row, "id"), row);
    if (json_array_size(standards) > 1) print_tally(page, _("all"), page->summary);
    fputs("</tbody></table>\n", page->out);
    print_key(page);
    print_gaps(page);
    json_array_foreach(json_object_get(page->summary, "stories"), i, row)
    {
        if (true_at(row, "ok")) continue;
        tag(page, "<p style=\"color:var(--bad)\">", _("this story fails and does not count: "), "");
        tag(page, "<code>", text_at(row, "name"), "</code> ");
        tag(page, "", text_at(row, "text"), "</p>\n");
    }
}

/* --- clauses ---------------------------------------------------------------------------------------------------------------- */

static const char *story_title(const struct page *page, const char *name)
{
    size_t i;
    json_t *story;
    json_array_foreach(json_object_get(page->summary, "stories"), i, story)
    {
        if (strcmp(text_at(story, "name"), name) == 0) return title_at(story);
    }
    return "";
}

static void print_stories(struct page *page, const json_t *stories)
{
    size_t i, count = json_array_size(stories);
    json_t *name;
    if (count == 0) return;
    tag(page, "<details><summary>", say(page->cli, "%zu", count), "</summary><ul>");
    json_array_foreach(stories, i, name)
    {
        const char *title = story_title(page, json_string_value(name));
        tag(page, "<li>", *title ? title : json_string_value(name), "");
        if (*title) tag(page, " <code>", json_string_value(name), "</code>");
        fputs("</li>", page->out);
    }
    fputs("</ul></details>", page->out);
}

static void print_places(struct page *page, const json_t *places)
{
    size_t i;
    json_t *place;
    json_array_foreach(places, i, place)
    {
        if (i) fputs("<br>", page->out);
        tag(page, "<code>", coverage_place(page->cli, place), "</code>");
        if (*title_at(place)) tag(page, " ", title_at(place), "");
    }
}

static void print_stands(struct page *page, const json_t *row)
{
    static const char *const figures[] = {"done", "late", "missed", "waived", "other"};
    const json_t *stands = json_object_get(row, "stands");
    for (size_t i = 0; page->store && i < sizeof figures / sizeof *figures; i++)
        number(page, number_at(stands, figures[i]), true);
}

static void print_clause(struct page *page, const json_t *row)
{
    const char *status = text_at(row, "status");
    int columns = page->store ? 11 : 6;
    fprintf(page->out, "<tr class=\"%s\">", status);
    tag(page, "<td class=\"id\">", text_at(row, "clause"), "</td>");
    if (strcmp(status, "heading") == 0) {
        fprintf(page->out, "<td colspan=\"%d\">", columns - 1);
        tag(page, "", title_at(row), "</td></tr>\n");
        return;
    }
    tag(page, "<td>", title_at(row), "</td>");
    tag(page, "<td class=\"dim\">", coverage_kind(text_at(row, "kind")), "</td>");
    tag(page, "<td class=\"mark\">", coverage_status(status, page->told), "</td>");
    if (strcmp(status, "untestable") == 0) {
        fprintf(page->out, "<td colspan=\"%d\">", columns - 4);
        tag(page, "", title_text(text_at(row, "why")), "</td></tr>\n");
        return;
    }
    fputs("<td>", page->out);
    print_places(page, json_object_get(row, "encoded"));
    fputs("</td><td>", page->out);
    print_stories(page, json_object_get(row, "stories"));
    fputs("</td>", page->out);
    print_stands(page, row);
    fputs("</tr>\n", page->out);
}

static bool begins_chapter(const json_t *row, const json_t *before)
{
    if (!before || strcmp(text_at(row, "standard"), text_at(before, "standard")) != 0) return true;
    return strcmp(text_at(row, "status"), "heading") == 0 && !*text_at(row, "parent");
}

/* A chapter: from this row to the next that begins one. */
static void print_chapter(struct page *page, size_t first, size_t end)
{
    const char *const heads[] = {_("clause"), _("title"), _("kind"),   "",          _("where"), _("stories"),
                                 _("done"),   _("late"),  _("missed"), _("waived"), _("other")};
    const json_t *head = json_array_get(page->values, first);
    bool heading = strcmp(text_at(head, "status"), "heading") == 0;
    json_int_t testable = 0, encoded = 0, exercised = 0;
    for (size_t i = first; i < end; i++) {
        const json_t *row = json_array_get(page->values, i);
        const char *status = text_at(row, "status");
        testable += true_at(row, "testable");
        encoded += true_at(row, "testable") && strcmp(status, "missing") != 0;
        exercised += strcmp(status, "exercised") == 0;
    }
    tag(page, "<h2>",
        say(page->cli, "%s %s", heading ? text_at(head, "clause") : text_at(head, "standard"), heading ? title_at(head) : ""),
        "");
    tag(page, "<small>",
        page->told ? say(page->cli, _("%lld of %lld exercised"), (long long)exercised, (long long)testable)
                   : say(page->cli, _("%lld of %lld encoded"), (long long)encoded, (long long)testable),
        "</small></h2>\n");
    bar(page, testable, encoded, exercised);
    /* The columns of all chapters stand below each other. */
    static const double widths[2][6] = {{8.5, 26, 9, 12, 34.5, 10}, {8.5, 17.5, 7.5, 12, 22, 7.5}};
    fputs("<table class=\"fixed\">", page->out);
    for (int i = 0; i < (page->store ? 11 : 6); i++)
        fprintf(page->out, "<col style=\"width:%.1f%%\">", i < 6 ? widths[page->store][i] : 5);
    print_head_cells(page, heads, page->store ? 11 : 6, 6, 10);
    for (size_t i = first + heading; i < end; i++) print_clause(page, json_array_get(page->values, i));
    fputs("</tbody></table>\n", page->out);
}

static void print_page(struct page *page)
{
    time_t now = time(NULL);
    struct tm local;
    char date[40] = "";
    if (localtime_r(&now, &local)) strftime(date, sizeof date, "%Y-%m-%d %H:%M", &local);
    fprintf(page->out, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">", _("en"));
    fputs("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">", page->out);
    tag(page, "<title>", _("Coverage of the service standard"), "</title>");
    fprintf(page->out, "<style>%s</style></head><body>\n", style);
    tag(page, "<h1>", _("Coverage of the service standard"), "</h1>");
    tag(page, "<p class=\"dim\">",
        say(page->cli,
            ngettext(
                "From each clause to where a flow asks for it, and to the stories that go through it. Made %s by guan %s from "
                "%zu story.",
                "From each clause to where a flow asks for it, and to the stories that go through it. Made %s by guan %s from "
                "%zu stories.",
                (unsigned long)json_array_size(json_object_get(page->summary, "stories"))),
            date, guan_version(), json_array_size(json_object_get(page->summary, "stories"))),
        "</p>\n");
    print_summary(page);
    size_t count = json_array_size(page->values) - 1; /* the last is the summary */
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count; next++)
            if (begins_chapter(json_array_get(page->values, next), json_array_get(page->values, next - 1))) break;
        print_chapter(page, i, next);
    }
    fputs("</body></html>\n", page->out);
}

int coverage_page(struct cli *cli, const json_t *values, const char *file)
{
    struct page page = {.cli = cli, .values = values};
    page.summary = json_object_get(json_array_get(values, json_array_size(values) - 1), "summary");
    page.store = true_at(page.summary, "store");
    page.told = json_object_get(page.summary, "exercised");
    if (!page.summary) return GUAN_OK;
    page.out = fopen(file, "w");
    bool written = page.out != NULL;
    if (written) {
        print_page(&page);
        written = !ferror(page.out);
        if (fclose(page.out) != 0) written = false;
    }
    if (written) return GUAN_OK;
    struct guan_error error = {.code = GUAN_FAILED, .rule = "write"};
    snprintf(error.text, sizeof error.text, _("%s cannot be written: %s"), safe(cli, file), strerror(errno));
    return engine_error(cli, &error);
}
