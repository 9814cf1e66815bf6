/* Tags, style and escapes. */
#include "html.h"

#include <string.h>

const char *html(struct cli *cli, const char *text)
{
    const char *from = safe(cli, text); /* control characters and marks that turn text round are made visible first */
    char *out = scratch_take(cli, strlen(from) * 6 + 1), *at = out;
    if (!out) return "";
    for (; *from; from++) {
        const char *entity = *from == '&'    ? "&amp;"
                             : *from == '<'  ? "&lt;"
                             : *from == '>'  ? "&gt;"
                             : *from == '"'  ? "&quot;"
                             : *from == '\'' ? "&#39;"
                                             : NULL;
        size_t length = entity ? strlen(entity) : 1;
        memcpy(at, entity ? entity : from, length);
        at += length;
    }
    return out;
}

const char *html_id(struct cli *cli, const char *text)
{
    const char *from = html(cli, text);
    char *out = scratch_take(cli, strlen(from) * 6 + 1), *at = out;
    if (!out) return "";
    for (; *from; from++) {
        *at++ = *from;
        if (*from != '.' && *from != '_') continue;
        memcpy(at, "<wbr>", 5);
        at += 5;
    }
    return out;
}

static const char style[] =
    ":root{--ink:#17212b;--soft:#5b6875;--line:#d5dbe1;--pale:#f4f6f8;--accent:#0f4c75;"
    "--critical:#7a0c1f;--major:#c0392b;--minor:#d9902f;--info:#8a97a5;--good:#2e7d5b}"
    "*{box-sizing:border-box}"
    "html{-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "body{margin:0 auto;max-width:194mm;padding:12mm 8mm;color:var(--ink);background:#fff;"
    "font:10.5pt/1.5 'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
    "'Noto Sans','Segoe UI',Helvetica,Arial,sans-serif}"
    "header{border-bottom:2.5pt solid var(--accent);padding-bottom:5mm;margin-bottom:6mm}"
    "h1{font-size:21pt;line-height:1.25;margin:0 0 1.5mm;font-weight:700;letter-spacing:.01em}"
    "header p{margin:0;color:var(--soft)}"
    "h2{font-size:13pt;margin:9mm 0 2mm;padding-bottom:1mm;border-bottom:.75pt solid var(--line);color:var(--accent);"
    "break-after:avoid}"
    "h3{font-size:10.5pt;margin:5mm 0 1.5mm;break-after:avoid}"
    "p.lead{margin:0 0 3mm;color:var(--soft);break-after:avoid}"
    "p.note{margin:2mm 0 0;color:var(--soft);font-size:9pt}"
    ".tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:3mm;margin:0 0 4mm}"
    ".tile{background:var(--pale);border-left:2.5pt solid var(--accent);padding:2.5mm 3mm}"
    ".tile b{display:block;font-size:17pt;line-height:1.2;font-weight:700;font-variant-numeric:tabular-nums}"
    ".tile span{font-size:8.5pt;color:var(--soft)}"
    ".tile.bad{border-color:var(--major)}.tile.warn{border-color:var(--minor)}"
    ".codes{display:grid;grid-template-columns:repeat(3,1fr);gap:1.5mm 6mm;margin-top:3mm;font-size:9pt;line-height:1.35}"
    ".codes div{border-bottom:.5pt solid var(--line);padding:1mm 0;break-inside:avoid}"
    ".codes b{float:right;font-size:11pt;font-variant-numeric:tabular-nums}"
    ".alert{border:1.25pt solid var(--major);padding:2.5mm 4mm;margin:0 0 5mm;break-inside:avoid}"
    "table{border-collapse:collapse;width:100%;font-size:9pt;line-height:1.4}"
    "thead{display:table-header-group}tr{break-inside:avoid}"
    "th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1pt solid var(--ink);padding:1.2mm 2mm 1.2mm 0;"
    "vertical-align:bottom}"
    "td{border-bottom:.5pt solid var(--line);padding:1.2mm 2mm 1.2mm 0;vertical-align:top;overflow-wrap:break-word}"
    "td.s{min-width:30mm}td.c{min-width:20mm;max-width:46mm}.nb{white-space:nowrap}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "td.t{white-space:nowrap;font-variant-numeric:tabular-nums}"
    "td.box{width:24mm}"
    "td.v{vertical-align:middle}"
    "table.facts td:first-child{width:38mm;color:var(--soft)}"
    "code,.mono{font:8.5pt/1.4 'Noto Sans Mono','DejaVu Sans Mono',Menlo,Consolas,monospace;overflow-wrap:anywhere}"
    ".id{color:var(--soft);font-size:8pt}"
    ".sev{display:inline-block;white-space:nowrap}"
    ".sev::before{content:'';display:inline-block;width:2.4mm;height:2.4mm;margin-right:1.2mm;background:var(--info)}"
    ".sev.minor::before{background:var(--minor)}.sev.major::before{background:var(--major)}"
    ".sev.critical::before{background:var(--critical)}"
    ".late{color:var(--major);white-space:nowrap}.zero{color:#b6bfc8}.big{font-size:13pt;font-weight:700}"
    "ol.limits{margin:0;padding-left:6mm}ol.limits li{margin-bottom:1.5mm}"
    ".sign{display:grid;grid-template-columns:repeat(3,1fr);gap:8mm;margin-top:14mm;break-inside:avoid}"
    ".sign div{border-top:.75pt solid var(--ink);padding-top:1.5mm;color:var(--soft);font-size:9pt}"
    "svg{display:block}svg text{font-family:inherit}"
    "@page{size:A4;margin:15mm 14mm 17mm;@bottom-right{content:counter(page) ' / ' counter(pages);font:8pt sans-serif;"
    "color:#5b6875}}"
    "@media print{body{max-width:none;padding:0}h2{margin-top:7mm}}";

void html_begin(const struct page *page, const char *title)
{
    /* The language of the page: "zh-CN" in the Chinese catalogue. */
    fprintf(page->out,
            "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            "<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n",
            _("en"), html(page->cli, title), style);
}

void html_end(const struct page *page)
{
    fputs("</body>\n</html>\n", page->out);
}

void html_section(const struct page *page, const char *title, const char *lead)
{
    fprintf(page->out, "<h2>%s</h2>\n", html(page->cli, title));
    if (*lead) fprintf(page->out, "<p class=\"lead\">%s</p>\n", html(page->cli, lead));
}

void html_table(const struct page *page, const char *class, const struct html_column *columns)
{
    fprintf(page->out, "<table class=\"%s\">\n", class);
    if (!columns) return;
    fputs("<thead><tr>", page->out);
    for (; columns->title; columns++)
        fprintf(page->out, "<th class=\"%s\">%s</th>", columns->class, html(page->cli, columns->title));
    fputs("</tr></thead>\n", page->out);
}

void html_cell(const struct page *page, const char *class, const char *escaped)
{
    fprintf(page->out, "<td class=\"%s\">%s</td>", class, escaped);
}

void html_row(const struct page *page)
{
    fputs("<tr>", page->out);
}

void html_table_end(const struct page *page)
{
    fputs("</table>\n", page->out);
}
