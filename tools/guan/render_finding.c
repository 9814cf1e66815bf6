/* audit findings --show: criterion, evidence, condition, proof, as an auditor writes a finding up. */
#include "html.h" /* for what classes and origins are called */
#include "render.h"

#include <stdlib.h>
#include <string.h>

static void line(struct cli *cli, const char *name, const char *text)
{
    if (*text) printf("  %s%s%s\n", name, *name ? _(": ") : "", text);
    (void)cli;
}

static void clause(struct cli *cli, const json_t *value)
{
    const char *above = "";
    size_t i;
    json_t *parent;
    printf("  %s%s%s  %s\n", style_on(cli, BOLD), safe(cli, text_at(value, "id")), style_off(cli, BOLD),
           safe(cli, title_at(value)));
    json_array_foreach(json_object_get(value, "above"), i, parent) above =
        say(cli, "%s%s%s %s", above, *above ? " ‹ " : "", safe(cli, text_at(parent, "id")), safe(cli, title_at(parent)));
    if (*above) print(cli, DIM, "    %s\n", above);
    const char *klass = text_at(value, "class"), *basis = text_at(value, "basis");
    if (*basis) print(cli, DIM, "    %s\n", say(cli, _("%s; rests on %s"), class_name(klass), basis_name(basis)));
}

static void criterion(struct cli *cli, const json_t *value)
{
    static const char *const words[] = {"within", "lead", "window", "every", "until", "max"};
    const json_t *deadline =
        json_object_get(value, "deadline") ? json_object_get(value, "deadline") : json_object_get(value, "rule");
    const char *rule = "";
    size_t i;
    json_t *item;
    print(cli, BOLD, "%s\n", _("criterion"));
    json_array_foreach(json_object_get(value, "clauses"), i, item) clause(cli, item);
    if (*title_at(value))
        line(cli, _("step"),
             say(cli, "%s  %s", safe(cli, title_at(value)), step_id(cli, text_at(value, "process"), text_at(value, "step"))));
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        if (*text_at(deadline, words[w])) rule = say(cli, "%s  %s=%s", rule, words[w], safe(cli, text_at(deadline, words[w])));
    if (deadline) line(cli, _("rule"), say(cli, "%s%s", safe(cli, text_at(deadline, "id")), rule));
    json_array_foreach(json_object_get(value, "parameters"), i, item)
    {
        const char *own = text_at(item, "value"), *standard = text_at(item, "standard");
        line(cli, say(cli, "%s %s", safe(cli, text_at(item, "id")), safe(cli, title_at(item))),
             say(cli, "%s%s  (%s)", safe(cli, own),
                 strcmp(own, standard) != 0 ? say(cli, _(", the standard's is %s"), safe(cli, standard)) : "",
                 basis_name(text_at(item, "basis"))));
    }
}

static void condition(struct cli *cli, const json_t *value, bool refused)
{
    json_int_t late = number_at(value, "late_ms");
    print(cli, BOLD, "%s\n", _("condition"));
    line(cli, _("due"), time_at(cli, value, "due", false));
    line(cli, refused ? _("tried at") : _("done"), time_at(cli, value, "at", false));
    if (json_object_get(value, "found_by")) {
        const char *who = *text_at(value, "found_who") ? text_at(value, "found_who") : text_at(value, "found_by");
        bool alone = strcmp(who, "system") == 0;
        line(cli, _("done"), alone ? _("by nobody") : say(cli, _("by nobody; found when %s acted"), safe(cli, who)));
    }
    if (late > 0) line(cli, _("how late"), span_of(cli, late));
    line(cli, _("recorded at"), time_at(cli, value, "rec", false));
}

static const char *as_text(struct cli *cli, const json_t *value)
{
    if (json_is_string(value)) return safe(cli, json_string_value(value));
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *text = safe(cli, dump ? dump : "");
    free(dump);
    return text;
}

/* --- why -------------------------------------------------------------------------------------------------------------------- */

static const char *bound(struct cli *cli, const json_t *field, const char *key)
{
    const char *text = text_at(field, key), *value = text_at(field, say(cli, "%s_value", key));
    if (!*text) return "";
    return *value ? say(cli, "  %s=%s (%s)", key, safe(cli, text), safe(cli, value)) : say(cli, "  %s=%s", key, safe(cli, text));
}

/* As the flow has it: people who ask why look it up there. */
static void why_field(struct cli *cli, const json_t *field)
{
    const json_t *given = json_object_get(field, "given");
    const char *of = list_at(cli, field, "of", " "), *pattern = text_at(field, "pattern"), *check = text_at(field, "check");
    const char *text = say(cli, "%s  %s%s%s", safe(cli, title_at(field)), safe(cli, text_at(field, "name")),
                           bound(cli, field, "min"), bound(cli, field, "max"));
    if (*of) text = say(cli, "%s  of=%s", text, of);
    if (*pattern) text = say(cli, "%s  pattern=%s", text, safe(cli, pattern));
    if (*check) text = say(cli, "%s  check=%s", text, safe(cli, check));
    if (true_at(field, "required") && !given) text = say(cli, "%s  %s", text, _("must be given"));
    if (given) text = say(cli, "%s  %s", text, say(cli, _("given: %s"), as_text(cli, given)));
    line(cli, _("required"), text);
}

static const char *roles(struct cli *cli, const json_t *list)
{
    const char *all = "";
    size_t i;
    json_t *role;
    json_array_foreach(list, i, role) all =
        say(cli, "%s%s%s", all, i ? _(", ") : "", safe(cli, *title_at(role) ? title_at(role) : text_at(role, "id")));
    return all;
}

static void why(struct cli *cli, const json_t *value)
{
    const char *reason = text_at(value, "reason"), *title = title_text(text_at(value, "rule_title")), *sentence;
    size_t i;
    json_t *field;
    if (json_object_size(value) == 0) return;
    print(cli, BOLD, "%s\n", _("why"));
    sentence = *title                      ? safe(cli, title)
               : reason_name(reason)       ? reason_name(reason)
               : true_at(value, "refused") ? reason_name("hook")
                                           : "";
    if (*reason) line(cli, _("reason"), say(cli, "%s%s%s", sentence, *sentence ? "  " : "", safe(cli, reason)));
    json_array_foreach(json_object_get(value, "fields"), i, field) why_field(cli, field);
    line(cli, _("came first"), list_at(cli, value, "after", _(", ")));
    line(cli, _("role held"), roles(cli, json_object_get(value, "held")));
    line(cli, _("roles needed"), roles(cli, json_object_get(value, "needed")));
    line(cli, _("not by who did"), list_at(cli, value, "not_by", _(", ")));
}

static void pairs(struct cli *cli, const json_t *object)
{
    const char *key, *all = "";
    json_t *value;
    json_object_foreach((json_t *)object, key, value) all =
        say(cli, "%s%s%s=%s", all, *all ? "  " : "", safe(cli, key), as_text(cli, value));
    if (*all) printf("      %s\n", all);
}

static void entry(struct cli *cli, const json_t *value)
{
    const char *who = *text_at(value, "who") ? text_at(value, "who") : text_at(value, "actor"), *auth = text_at(value, "auth"),
               *kind = text_at(value, "kind"), *title = title_at(value), *by = text_at(value, "by_name");
    size_t i;
    json_t *item;
    bool own = strcmp(kind, "finding") == 0;
    const char *code = text_at(value, "code");
    const char *what = own ? say(cli, "%s%s%s", code_name(code), _(", "), status_name(text_at(value, "status")))
                           : say(cli, "%s%s%s", kind_name(kind), *title ? "  " : "", safe(cli, title));
    printf("  %s%lld%s  %s  %s  %s%s%s\n", style_on(cli, BOLD), (long long)number_at(value, "n"), style_off(cli, BOLD),
           time_at(cli, value, "at", true), what, safe(cli, who), *auth ? "  " : "",
           *auth ? say(cli, "[%s]", safe(cli, auth)) : "");
    if (*by) printf("      %s\n", say(cli, _("typed by %s"), safe(cli, by)));
    if (strcmp(text_at(value, "at"), text_at(value, "rec")) != 0)
        printf("      %s\n", say(cli, _("recorded %s"), time_at(cli, value, "rec", true)));
    pairs(cli, json_object_get(value, "form"));
    json_array_foreach(json_object_get(value, "disclosed"), i, item)
        printf("      %s=%s  %s\n", safe(cli, text_at(item, "path")), as_text(cli, json_object_get(item, "value")),
               say(cli, _("(personal, digest %.12s…)"), safe(cli, text_at(item, "digest"))));
    if (number_at(value, "undisclosed") > 0)
        printf("      %s\n",
               say(cli,
                   ngettext("%lld personal value erased; its digest stays", "%lld personal values erased; their digests stay",
                            (unsigned long)number_at(value, "undisclosed")),
                   (long long)number_at(value, "undisclosed")));
    json_array_foreach(json_object_get(value, "ev"), i, item)
        printf("      %s\n", say(cli, _("evidence %s, %lld bytes, SHA-256 %s"), safe(cli, text_at(item, "kind")),
                                 (long long)number_at(item, "size"), safe(cli, text_at(item, "sha256"))));
    print(cli, DIM, "      %s\n",
          say(cli, _("index %lld, leaf %s"), (long long)number_at(value, "index"), safe(cli, text_at(value, "leaf"))));
}

static const char *why_name(const char *why)
{
    if (strcmp(why, "prove") == 0) return _("the entry is in the ledger");
    if (strcmp(why, "verify") == 0) return _("the ledger is whole, and continues the checkpoint you kept");
    if (strcmp(why, "replay") == 0) return _("the rules, run again over the case, say the same");
    return strcmp(why, "log") == 0 ? _("all that happened in the case") : why;
}

void render_finding(struct cli *cli, const json_t *values)
{
    const json_t *value = json_array_get(values, 0);
    const char *severity = text_at(value, "severity"), *code = text_at(value, "code");
    size_t i;
    json_t *item;
    if (!value) return;
    print(cli, severity_style(severity), "%s:%s  %s\n", safe(cli, text_at(value, "case")), safe(cli, text_at(value, "fid")),
          say(cli, "%s  %s %s  %s", severity_name(severity), safe(cli, code), code_name(code),
              status_name(text_at(value, "status"))));
    criterion(cli, json_object_get(value, "criterion"));
    condition(cli, json_object_get(value, "condition"), true_at(json_object_get(value, "why"), "refused"));
    why(cli, json_object_get(value, "why"));
    print(cli, BOLD, "%s\n", _("evidence"));
    json_array_foreach(json_object_get(value, "evidence"), i, item) entry(cli, item);
    print(cli, BOLD, "%s\n", _("what was said of it"));
    json_array_foreach(json_object_get(value, "history"), i, item) entry(cli, item);
    print(cli, BOLD, "%s\n", _("to prove it"));
    struct grid *grid = grid_new(cli, 2);
    json_array_foreach(json_object_get(value, "commands"), i, item)
    {
        grid_put(grid, PLAIN, text_at(item, "command"));
        grid_put(grid, DIM, why_name(text_at(item, "why")));
    }
    grid_print(grid, 2);
    grid_free(grid);
}
