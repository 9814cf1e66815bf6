/* The report's tables of rows: what came late, was waived, was refused; who may not be the same; the sample. */
#include "html.h"

#include <string.h>

static const char *step_shown(const struct page *page, const json_t *row)
{
    struct cli *cli = page->cli;
    const char *step = *text_at(row, "step") ? text_at(row, "step") : text_at(row, "event"), *title = title_at(row);
    const char *id = html_id(cli, step_id(cli, text_at(row, "process"), step));
    return *title ? say(cli, "%s<br><span class=\"id\">%s</span>", html(cli, title), id) : id;
}

static const char *case_shown(const struct page *page, const json_t *row)
{
    struct cli *cli = page->cli;
    const char *fid = text_at(row, "fid");
    json_int_t n = number_at(row, "n");
    return say(cli, "%s<br><span class=\"id\">%s%s%s</span>", html(cli, text_at(row, "case")), html(cli, fid),
               *fid && n ? " · " : "", n ? say(cli, _("entry %lld"), (long long)n) : "");
}

/* Each clause stays on one line. */
static const char *clauses_shown(const struct page *page, const json_t *row)
{
    const char *all = "";
    size_t i;
    json_t *clause;
    json_array_foreach(json_object_get(row, "clause"), i, clause) all =
        say(page->cli, "%s<span class=\"nb\">%s</span> ", all, html(page->cli, json_string_value(clause)));
    return all;
}

/* By what rule: its title, its id below. */
static const char *rule_shown(const struct page *page, const char *title, const char *id)
{
    return say(page->cli, "%s<br><span class=\"id\">%s</span>", html(page->cli, title), html_id(page->cli, id));
}

/* A step is what most attempts are: only what is none is named. */
static const char *kind_shown(const struct page *page, const char *kind)
{
    return strcmp(kind, "step") == 0 ? "" : say(page->cli, "<br>%s", html(page->cli, kind_name(kind)));
}

static const char *who_shown(const struct page *page, const json_t *row)
{
    const char *who = text_at(row, "who"), *actor = text_at(row, "actor");
    if (strcmp(actor, "system") == 0 || json_object_get(row, "found_by")) return html(page->cli, _("nobody"));
    return html(page->cli, *who ? who : actor);
}

static void remaining(const struct page *page, json_int_t all, const json_t *rows, const char *command)
{
    json_int_t shown = (json_int_t)json_array_size(rows);
    if (all > shown)
        fprintf(page->out, "<p class=\"note\">%s <code>%s</code></p>\n",
                html(page->cli, say(page->cli, _("%lld more:"), (long long)(all - shown))), html(page->cli, command));
}

static bool empty(const struct page *page, const json_t *rows)
{
    if (json_array_size(rows) > 0) return false;
    fprintf(page->out, "<p>%s</p>\n", html(page->cli, _("None in this period.")));
    return true;
}

void page_late(const struct page *page, const json_t *report)
{
    struct cli *cli = page->cli;
    const json_t *rows = json_object_get(report, "late");
    html_section(page, _("Steps out of time"), _("Steps that were due and came late, outside their window, or not at all."));
    if (empty(page, rows)) return;
    html_table(page, "",
               (const struct html_column[]){{"", _("case")},
                                            {"", _("step")},
                                            {"", _("severity")},
                                            {"", _("due")},
                                            {"", _("done, how late")},
                                            {"", _("by")},
                                            {"", _("clause")},
                                            {"", _("status")},
                                            {NULL, NULL}});
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *severity = text_at(row, "severity"), *at = html(cli, time_at(cli, row, "at", false));
        json_int_t late = number_at(row, "late_ms");
        const char *how = late > 0 ? say(cli, "<br><span class=\"late\">+%s</span>", html(cli, span_of(cli, late))) : "";
        if (!*at) at = say(cli, "<span class=\"late\">%s</span>", html(cli, code_name(text_at(row, "code"))));
        html_row(page);
        html_cell(page, "t", case_shown(page, row));
        html_cell(page, "s", step_shown(page, row));
        html_cell(page, "",
                  say(cli, "<span class=\"sev %s\">%s</span>", html(cli, severity), html(cli, severity_name(severity))));
        html_cell(page, "t", html(cli, time_at(cli, row, "due", false)));
        html_cell(page, "t", say(cli, "%s%s", at, how));
        html_cell(page, "t", who_shown(page, row));
        html_cell(page, "c", clauses_shown(page, row));
        html_cell(page, "t", html(cli, status_name(text_at(row, "status"))));
        fputs("</tr>\n", page->out);
    }
    html_table_end(page);
    remaining(page, number_at(json_object_get(report, "summary"), "late"), rows, "guan audit findings");
}

static void overrides(const struct page *page, const json_t *rows, json_int_t all)
{
    struct cli *cli = page->cli;
    size_t i;
    json_t *row;
    if (json_array_size(rows) == 0) return;
    fprintf(page->out, "<h3>%s</h3>\n<p class=\"note\">%s</p>\n", html(cli, _("Allowed by a rule")),
            html(cli, _("Nobody waived these: the flow or the dealer's own rule lets them pass, and leaves a finding of the same "
                        "code, OVERRIDE_USED.")));
    html_table(page, "",
               (const struct html_column[]){{"", _("case")},
                                            {"", _("step")},
                                            {"", _("when")},
                                            {"", _("by")},
                                            {"", _("allowed by")},
                                            {"", _("clause")},
                                            {NULL, NULL}});
    json_array_foreach(rows, i, row)
    {
        const char *rule = text_at(row, "rule"), *title = title_text(text_at(row, "rule_title"));
        html_row(page);
        html_cell(page, "t", case_shown(page, row));
        html_cell(page, "s", step_shown(page, row));
        html_cell(page, "t", html(cli, time_at(cli, row, "at", false)));
        html_cell(page, "t", who_shown(page, row));
        html_cell(page, "", rule_shown(page, *title ? title : _("the dealer's own rule"), rule));
        html_cell(page, "c", clauses_shown(page, row));
        fputs("</tr>\n", page->out);
    }
    html_table_end(page);
    remaining(page, all, rows, "guan audit findings");
}

void page_waivers(const struct page *page, const json_t *report)
{
    struct cli *cli = page->cli;
    const json_t *rows = json_object_get(report, "waivers");
    html_section(page, _("Waivers"),
                 _("Steps left out by somebody with the authority. The reason is personal data: it is shown while it "
                   "has not been erased; its digest stays in the record."));
    const json_t *allowed = json_object_get(report, "overrides");
    json_int_t allowed_count = number_at(json_object_get(report, "summary"), "overrides");
    if (empty(page, rows)) {
        overrides(page, allowed, allowed_count);
        return;
    }
    html_table(page, "",
               (const struct html_column[]){{"", _("case")},
                                            {"", _("step")},
                                            {"", _("when")},
                                            {"", _("allowed by")},
                                            {"", _("reason")},
                                            {"", _("clause")},
                                            {NULL, NULL}});
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *reason = text_at(row, "reason");
        html_row(page);
        html_cell(page, "t", case_shown(page, row));
        html_cell(page, "s", step_shown(page, row));
        html_cell(page, "t", html(cli, time_at(cli, row, "at", false)));
        html_cell(page, "t", who_shown(page, row));
        html_cell(page, "", html(cli, *reason ? reason : true_at(row, "erased") ? _("(erased)") : "—"));
        html_cell(page, "c", clauses_shown(page, row));
        fputs("</tr>\n", page->out);
    }
    html_table_end(page);
    remaining(page, number_at(json_object_get(report, "summary"), "waivers"), rows, "guan audit export csv -o record.csv");
    overrides(page, allowed, allowed_count);
}

void page_refused(const struct page *page, const json_t *report)
{
    struct cli *cli = page->cli;
    const json_t *rows = json_object_get(report, "refused");
    html_section(page, _("Refused attempts"),
                 _("What was tried and refused: here the control worked. Many of one kind point to "
                   "a step that people do not know, or try to get round."));
    if (empty(page, rows)) return;
    html_table(
        page, "",
        (const struct html_column[]){
            {"", _("case")}, {"", _("tried")}, {"", _("when")}, {"", _("by")}, {"", _("why")}, {"", _("clause")}, {NULL, NULL}});
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *rule = text_at(row, "rule"), *reason = reason_name(rule), *code = text_at(row, "code"),
                   *title = title_text(text_at(row, "rule_title"));
        html_row(page);
        html_cell(page, "t", case_shown(page, row));
        html_cell(page, "s", say(cli, "%s%s", step_shown(page, row), kind_shown(page, text_at(row, "tried"))));
        html_cell(page, "t", html(cli, time_at(cli, row, "at", false)));
        html_cell(page, "t", who_shown(page, row));
        html_cell(page, "",
                  rule_shown(page,
                             *title   ? title
                             : reason ? reason
                                      : reason_name("hook"),
                             say(cli, "%s %s", code, reason ? "" : rule)));
        html_cell(page, "c", clauses_shown(page, row));
        fputs("</tr>\n", page->out);
    }
    html_table_end(page);
    remaining(page, number_at(json_object_get(report, "summary"), "refused"), rows, "guan audit export csv -o record.csv");
}

/* --- separation of duties --------------------------------------------------------------------------------------------------- */

static const char *counted(const struct page *page, json_int_t n, bool bad)
{
    const char *class = n == 0 ? "zero" : bad ? "late" : "";
    return say(page->cli, "<span class=\"%s\">%lld</span>", class, (long long)n);
}

static const char *who_list(const struct page *page, const json_t *rows)
{
    const char *all = "";
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) all =
        say(page->cli, "%s%s%s:%lld %s", all, i ? "<br>" : "", html(page->cli, text_at(row, "case")),
            (long long)number_at(row, "n"), html(page->cli, text_at(row, "who")));
    return all;
}

static void pairs(const struct page *page, const json_t *rows)
{
    struct cli *cli = page->cli;
    size_t i;
    json_t *row;
    fprintf(page->out, "<h3>%s</h3>\n", html(cli, _("Steps that one person may not do both")));
    if (empty(page, rows)) return;
    html_table(page, "",
               (const struct html_column[]){{"", _("step")},
                                            {"", _("not by who did")},
                                            {"n", _("checked")},
                                            {"n", _("same person")},
                                            {"n", _("refused")},
                                            {"", _("which cases")},
                                            {NULL, NULL}});
    json_array_foreach(rows, i, row)
    {
        html_row(page);
        html_cell(page, "s", step_shown(page, row));
        html_cell(page, "",
                  say(cli, "%s<br><span class=\"id\">%s</span>", html(cli, title_text(text_at(row, "other_title"))),
                      html(cli, text_at(row, "other"))));
        html_cell(page, "n", counted(page, number_at(row, "checked"), false));
        html_cell(page, "n", counted(page, number_at(row, "same"), true));
        html_cell(page, "n", counted(page, number_at(row, "refused"), false));
        html_cell(page, "", who_list(page, json_object_get(row, "rows")));
        fputs("</tr>\n", page->out);
    }
    html_table_end(page);
}

static void signed_together(const struct page *page, const json_t *rows)
{
    size_t i;
    json_t *row;
    fprintf(page->out, "<h3>%s</h3>\n", html(page->cli, _("Steps that two have to sign")));
    if (empty(page, rows)) return;
    html_table(page, "",
               (const struct html_column[]){
                   {"", _("step")}, {"n", _("done")}, {"n", _("signed by two")}, {"n", _("by one alone")}, {NULL, NULL}});
    json_array_foreach(rows, i, row)
    {
        json_int_t done = number_at(row, "done"), together = number_at(row, "together");
        html_row(page);
        html_cell(page, "s", step_shown(page, row));
        html_cell(page, "n", counted(page, done, false));
        html_cell(page, "n", counted(page, together, false));
        html_cell(page, "n", counted(page, done - together, true));
        fputs("</tr>\n", page->out);
    }
    html_table_end(page);
}

void page_duties(const struct page *page, const json_t *report)
{
    struct cli *cli = page->cli;
    const json_t *duties = json_object_get(report, "duties"), *auth = json_object_get(duties, "auth");
    html_section(page, _("Separation of duties"), "");
    pairs(page, json_object_get(duties, "pairs"));
    signed_together(page, json_object_get(duties, "signed"));
    fprintf(page->out, "<h3>%s</h3>\n<p>%s</p>\n", html(cli, _("How sure it is who acted")),
            html(cli, say(cli,
                          _("%lld acts by a user whom the operating system knew, %lld by a token, %lld by a name that was only "
                            "claimed. %lld were typed by somebody for another."),
                          (long long)number_at(auth, "os"), (long long)number_at(auth, "token"),
                          (long long)number_at(auth, "claimed"), (long long)number_at(duties, "typed_for"))));
}

/* --- sample ----------------------------------------------------------------------------------------------------------------- */

void page_sample(const struct page *page, const json_t *sample)
{
    struct cli *cli = page->cli;
    size_t i;
    json_t *item;
    if (!sample) {
        html_section(page, _("Sample for the table"), _("None drawn: it takes a number of the auditor's own, --number."));
        return;
    }
    html_section(page, _("Sample for the table"),
                 say(cli,
                     _("%lld of %lld cases, drawn by the record's root and the auditor's number %s: nobody who could change the "
                       "record could choose them. Draw it again:"),
                     (long long)number_at(sample, "count"), (long long)number_at(sample, "population"),
                     safe(cli, text_at(sample, "number"))));
    fprintf(page->out, "<p class=\"note\"><code>%s</code></p>\n", html(cli, sample_command(cli, sample)));
    html_table(page, "",
               (const struct html_column[]){{"n", ""},
                                            {"", _("case")},
                                            {"", _("opened")},
                                            {"n", _("entries")},
                                            {"", _("seen")},
                                            {"", _("against the papers")},
                                            {"", _("remarks")},
                                            {NULL, NULL}});
    json_array_foreach(json_object_get(sample, "items"), i, item)
    {
        html_row(page);
        html_cell(page, "n", say(cli, "%zu&ensp;", i + 1));
        html_cell(page, "t mono", html(cli, text_at(item, "case")));
        html_cell(page, "t", html(cli, time_at(cli, item, "at", false)));
        html_cell(page, "n", say(cli, "%lld&ensp;", (long long)number_at(item, "entries")));
        html_cell(page, "t", "☐");
        html_cell(page, "t", say(cli, "☐ %s&ensp;☐ %s", html(cli, _("agrees")), html(cli, _("differs"))));
        html_cell(page, "box", "");
        fputs("</tr>\n", page->out);
    }
    html_table_end(page);
}
