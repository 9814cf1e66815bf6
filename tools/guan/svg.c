/* Charts as inline SVG. Sizes are millimetres on paper: a user unit is a tenth of one. */
#include "html.h"

#include <math.h>
#include <string.h>

static const char *const severities[] = {"critical", "major", "minor", "info"};
static const char *const colours[] = {"#7a0c1f", "#c0392b", "#d9902f", "#8a97a5"};

static void rect(const struct page *page, double x, double y, double width, double height, const char *fill)
{
    if (width > 0 && height > 0)
        fprintf(page->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, width, height, fill);
}

static void label(const struct page *page, double x, double y, const char *anchor, const char *fill, const char *text)
{
    fprintf(page->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" font-size=\"30\">%s</text>", x, y, anchor,
            fill, html(page->cli, text));
}

void svg_severity(const struct page *page, const json_t *counts)
{
    double all = 0, x = 0, legend = 0;
    for (size_t i = 0; i < 4; i++) all += (double)number_at(counts, severities[i]);
    if (all <= 0) return;
    fputs("<svg width=\"100%\" viewBox=\"0 0 1700 130\" role=\"img\">", page->out);
    for (size_t i = 0; i < 4; i++) {
        double width = 1700 * (double)number_at(counts, severities[i]) / all;
        rect(page, x, 0, width > 4 ? width - 4 : width, 60, colours[i]);
        x += width;
        rect(page, legend, 88, 26, 26, colours[i]);
        label(page, legend + 38, 112, "start", "#17212b",
              say(page->cli, "%s %lld", severity_name(severities[i]), (long long)number_at(counts, severities[i])));
        legend += 330;
    }
    fputs("</svg>\n", page->out);
}

void svg_share(const struct page *page, double share)
{
    fputs("<svg width=\"26mm\" height=\"3mm\" viewBox=\"0 0 260 30\">", page->out);
    rect(page, 0, 0, 260, 30, "#e3e8ed");
    rect(page, 0, 0, 260 * (share > 1 ? 1 : share), 30, "#0f4c75");
    fputs("</svg>", page->out);
}

/* --- weeks ------------------------------------------------------------------------------------------------------------------ */

/* The next round number that has a half. */
static double round_up(double most)
{
    static const double steps[] = {2, 4, 6, 8, 10};
    for (double power = 1;; power *= 10)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
            if (most <= steps[i] * power) return steps[i] * power;
}

struct plot {
    double left, top, width, height, most;
};

static void axis(const struct page *page, const struct plot *plot, const char *title)
{
    label(page, 0, plot->top - 30, "start", "#5b6875", title);
    for (int i = 0; i <= 2; i++) {
        double y = plot->top + plot->height * (1 - i / 2.0);
        fprintf(page->out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"/>",
                plot->left, plot->left + plot->width, y, y, i ? "#d5dbe1" : "#17212b", i ? 2 : 3);
        label(page, plot->left - 14, y + 10, "end", "#5b6875", say(page->cli, "%.0f", plot->most * i / 2.0));
    }
}

void svg_weeks(const struct page *page, const json_t *weeks)
{
    size_t count = json_array_size(weeks), i;
    json_t *week;
    double findings = 0, entries = 0;
    if (!count) return;
    json_array_foreach(weeks, i, week)
    {
        double sum = 0;
        for (size_t s = 0; s < 4; s++) sum += (double)number_at(week, severities[s]);
        if (sum > findings) findings = sum;
        if ((double)number_at(week, "entries") > entries) entries = (double)number_at(week, "entries");
    }
    struct plot top = {110, 60, 1580, 260, round_up(findings)}, low = {110, 430, 1580, 150, round_up(entries)};
    double room = top.width / (double)(count < 8 ? 8 : count), bar = room * 0.68;
    size_t every = count <= 14 ? 1 : (count + 13) / 14; /* dates that do not run into each other */
    fputs("<svg width=\"100%\" viewBox=\"0 0 1700 640\" role=\"img\">", page->out);
    axis(page, &top, _("findings by the week they were recorded in"));
    axis(page, &low, _("entries"));
    json_array_foreach(weeks, i, week)
    {
        double x = top.left + room * (double)i + (room - bar) / 2, y = top.top + top.height;
        for (size_t s = 0; s < 4; s++) {
            double height = top.height * (double)number_at(week, severities[s]) / top.most;
            y -= height;
            rect(page, x, y, bar, height, colours[s]);
        }
        double height = low.height * (double)number_at(week, "entries") / low.most;
        rect(page, x, low.top + low.height - height, bar, height, "#0f4c75");
        const char *monday = text_at(week, "monday");
        if (i % every == 0 && strlen(monday) == 10) label(page, x + bar / 2, 620, "middle", "#5b6875", monday + 5);
    }
    fputs("</svg>\n", page->out);
}

/* --- stages: a minute to a hundred days, by powers of ten ---------------------------------------------------------------------
 */

#define STAGE_WIDTH 620.0

static double stage_x(json_int_t ms)
{
    double minutes = (double)ms / 60000.0, most = log10(144000.0);
    if (minutes < 1) return 0;
    double x = log10(minutes) / most;
    return STAGE_WIDTH * (x > 1 ? 1 : x);
}

void svg_stage_axis(const struct page *page)
{
    static const struct {
        json_int_t ms;
        const char *text;
    } ticks[] = {{60000, N_("1 min")}, {3600000, N_("1 h")}, {86400000, N_("1 d")}, {864000000, N_("10 d")}};
    fputs("<svg width=\"66mm\" height=\"4mm\" viewBox=\"-10 0 660 40\">", page->out);
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++)
        label(page, stage_x(ticks[i].ms), 30, i ? "middle" : "start", "#5b6875", _(ticks[i].text));
    fputs("</svg>", page->out);
}

void svg_stage(const struct page *page, const json_t *stage)
{
    double least = stage_x(number_at(stage, "min_ms")), median = stage_x(number_at(stage, "median_ms")),
           p90 = stage_x(number_at(stage, "p90_ms")), most = stage_x(number_at(stage, "max_ms"));
    bool flow = !*text_at(stage, "state");
    fputs("<svg width=\"66mm\" height=\"4mm\" viewBox=\"-10 0 660 40\">", page->out);
    for (json_int_t tick = 3600000; tick <= 864000000; tick *= tick == 3600000 ? 24 : 10)
        rect(page, stage_x(tick), 0, 1.5, 40, "#d5dbe1");
    if (number_at(stage, "count") > 0) {
        rect(page, least, 18, most - least > 2 ? most - least : 2, 4, "#5b6875");
        rect(page, median, 8, p90 - median, 24, flow ? "#0f4c75" : "#7fa3be");
        rect(page, median - 4, 2, 8, 36, "#17212b");
    }
    fputs("</svg>", page->out);
}
