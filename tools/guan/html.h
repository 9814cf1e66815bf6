/* One self-contained page: no scripts, nothing fetched, made to be printed. */
#ifndef HTML_H
#define HTML_H

#include "words.h"

struct page {
    struct cli *cli;
    FILE *out;
};

/* Text for between tags and for attributes; lives until the program ends. */
const char *html(struct cli *cli, const char *text);
/* The same for a name like process.step_name: it may be broken after its dots and underscores. */
const char *html_id(struct cli *cli, const char *text);
void html_begin(const struct page *page, const char *title);
void html_end(const struct page *page);
void html_section(const struct page *page, const char *title, const char *lead); /* lead may be "" */
/* A table: heads with a class each ("n" numbers to the right, "w" wide, "" plain), NULL ends the list. */
struct html_column {
    const char *class, *title;
};
void html_table(const struct page *page, const char *class, const struct html_column *columns);
void html_cell(const struct page *page, const char *class, const char *escaped);
void html_row(const struct page *page);
void html_table_end(const struct page *page);

/* svg.c: charts for a report, in black and white as good as in colour. */
void svg_severity(const struct page *page, const json_t *counts);
void svg_weeks(const struct page *page, const json_t *weeks);
void svg_share(const struct page *page, double share); /* 0 … 1 */
void svg_stage_axis(const struct page *page);
void svg_stage(const struct page *page, const json_t *stage);

/* report_html.c */
void report_html(struct cli *cli, FILE *out, const json_t *report);
/* report_lists.c: its tables of rows */
void page_late(const struct page *page, const json_t *report);
void page_waivers(const struct page *page, const json_t *report);
void page_refused(const struct page *page, const json_t *report);
void page_duties(const struct page *page, const json_t *report);
void page_sample(const struct page *page, const json_t *sample);
/* cmd_report.c: what to type to draw the sample again */
const char *sample_command(struct cli *cli, const json_t *sample);
/* report_words.c */
const char *part_name(const char *value); /* of a figure that is given apart: showroom … */
const char *kpi_name(const char *id);
const char *kpi_formula(const char *id);
const char *class_name(const char *klass);
const char *basis_name(const char *basis);

#endif
