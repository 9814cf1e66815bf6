/* Asking for a step field by field. The engine says what a field is, whether it is asked for in view of those before it, and
 * whether a value will do; nothing is judged here. Nothing is recorded before the yes at the end. */
#include "prompt.h"

#include "answer.h"
#include "line.h"
#include "render.h"
#include "todo_items.h"
#include "width.h"

#include <string.h>
#include <unistd.h>

struct form {
    struct cli *cli;
    struct guan_command *command;
    struct line *line;
    struct guan_pair *pairs;
    size_t pair_count;
    const json_t *fields; /* of the step */
};

bool prompt_possible(const struct cli *cli)
{
    return !cli->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static int given_up(struct cli *cli)
{
    printf("\n%s\n", _("given up: nothing was recorded"));
    return cli->failed ? GUAN_FAILED : GUAN_USAGE;
}

/* --- asking the engine -------------------------------------------------------------------------------------------------------
 */

static json_t *take_last(struct answer *answer)
{
    json_t *last = json_incref(answer->last);
    json_decref(answer->last);
    json_decref(answer->values);
    return last;
}

/* One answer of guan_field; NULL: there is none, *error says why. The caller drops it. */
static json_t *ask_engine(struct cli *cli, const struct guan_command *command, const char *field, int *code,
                          struct guan_error *error)
{
    struct answer answer;
    answer_start(&answer, cli, false, NULL);
    *code = guan_field(cli->guan, command, field, &answer.sink, error);
    return take_last(&answer);
}

static json_t *ask_todo(struct cli *cli, const char *kase, int *code, struct guan_error *error)
{
    struct answer answer;
    answer_start(&answer, cli, false, NULL);
    *code = guan_todo(cli->guan, kase, &answer.sink, error);
    return take_last(&answer);
}

/* --- a field, as it is asked for ---------------------------------------------------------------------------------------------
 */

static void print_choices(struct cli *cli, const json_t *field)
{
    const json_t *of = json_object_get(field, "of"), *names = language_is_chinese() ? json_object_get(field, "names") : NULL;
    size_t i, column = 0;
    json_t *choice;
    json_array_foreach(of, i, choice)
    {
        const char *name = safe(cli, json_string_value(json_array_get(names, i)));
        const char *word = say(cli, "%zu %s%s%s", i + 1, name, *name ? " " : "", safe(cli, json_string_value(choice)));
        size_t width = width_of(word, strlen(word)) + 3;
        bool wraps = column > 0 && cli->columns > 0 && column + width > (size_t)cli->columns;
        printf("%s%s", wraps ? "\n    " : column == 0 ? "    " : "   ", word);
        column = (wraps || column == 0 ? 4 : column) + width;
    }
    if (column > 0) putchar('\n');
}

/* NAME(level=minor|major;note=‹备注›): how one record of a list is typed. */
static const char *record_shape(struct cli *cli, const json_t *nested)
{
    const char *all = "";
    size_t i;
    json_t *field;
    json_array_foreach(nested, i, field)
    {
        const char *choices = choices_at(cli, field, "|");
        const char *value = *choices ? choices : say(cli, "‹%s›", safe(cli, title_at(field)));
        if (i == 0) all = value;
        else all = say(cli, "%s%s%s=%s", all, i == 1 ? "(" : ";", safe(cli, text_at(field, "name")), value);
    }
    return i > 1 ? say(cli, "%s)", all) : all;
}

static const char *limits_of(struct cli *cli, const json_t *field)
{
    const char *min = safe(cli, text_at(field, "min")), *max = safe(cli, text_at(field, "max"));
    if (*min && *max) return say(cli, _("%s to %s"), min, max);
    if (*min) return say(cli, _("at least %s"), min);
    return *max ? say(cli, _("at most %s"), max) : "";
}

static void print_field(struct cli *cli, const json_t *field, size_t number, size_t count)
{
    const char *type = text_at(field, "type"), *limits = limits_of(cli, field), *initial = safe(cli, text_at(field, "default"));
    const json_t *nested = json_object_get(field, "fields");
    bool required = true_at(field, "required");
    print(cli, DIM, "%zu/%zu  ", number, count);
    print(cli, BOLD, "%s", *title_at(field) ? safe(cli, title_at(field)) : safe(cli, text_at(field, "field")));
    print(cli, DIM, "  %s", safe(cli, text_at(field, "field")));
    putchar('\n');
    const char *hint = nested ? record_shape(cli, nested) : type_hint(type);
    const char *line =
        say(cli, "%s%s%s%s%s", hint, *limits ? _("; ") : "", limits, _("; "), required ? _("needed") : _("may be left empty"));
    if (*initial) line = say(cli, "%s%s%s", line, _("; "), say(cli, _("empty means %s"), initial));
    else if (true_at(field, "has_default")) line = say(cli, "%s%s%s", line, _("; "), _("empty means as before"));
    print(cli, DIM, "    %s", line);
    putchar('\n');
    print_choices(cli, field);
}

/* --- a value, as it was typed ------------------------------------------------------------------------------------------------
 */

static size_t words_of(struct cli *cli, const json_t *field, const char *const **out)
{
    static const char *const truth[] = {"yes", "no"};
    const json_t *of = json_object_get(field, "of"), *names = json_object_get(field, "names");
    const char *type = text_at(field, "type");
    size_t values = json_array_size(of), count = values + json_array_size(names);
    if (count == 0 && (strcmp(type, "boolean") == 0 || strcmp(type, "yes") == 0)) {
        *out = truth;
        return 2;
    }
    const char **words = scratch_take(cli, (count + 1) * sizeof *words);
    for (size_t i = 0; words && i < count; i++)
        words[i] = json_string_value(i < values ? json_array_get(of, i) : json_array_get(names, i - values));
    *out = words;
    return words ? count : 0;
}

/* 1, 2, … up to `count`; 0: it is none of these. */
static size_t number_typed(const char *typed, size_t count)
{
    size_t number = 0;
    for (const char *at = typed; *at; at++) {
        if (*at < '0' || *at > '9' || number > count) return 0;
        number = number * 10 + (size_t)(*at - '0');
    }
    return number <= count ? number : 0;
}

/* The one choice that is called so, or begins like this, in large or small letters; NULL: none, or several. */
static const char *choice_meant(const json_t *field, const char *typed)
{
    static const char *const keys[] = {"of", "names"};
    const json_t *of = json_object_get(field, "of");
    const char *meant = NULL;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < json_array_size(of); i++) {
            const char *word = json_string_value(json_array_get(json_object_get(field, keys[k]), i));
            const char *value = json_string_value(json_array_get(of, i));
            if (!word || !value || strncasecmp(word, typed, strlen(typed)) != 0) continue;
            if (strlen(word) == strlen(typed)) return value;
            if (meant && meant != value) return NULL;
            meant = value;
        }
    return meant;
}

/* The number of a choice stands for it, or its name, or what it begins with; a file may be named without its @. */
static const char *value_meant(struct cli *cli, const json_t *field, const char *typed)
{
    const json_t *of = json_object_get(field, "of");
    size_t number = number_typed(typed, json_array_size(of));
    const char *choice = choice_meant(field, typed);
    for (size_t i = 0; i < json_array_size(of); i++)
        if (strcmp(json_string_value(json_array_get(of, i)), typed) == 0) return typed;
    if (number > 0) choice = json_string_value(json_array_get(of, number - 1));
    if (choice) return say(cli, "%s", choice);
    if (strcmp(text_at(field, "type"), "evidence") == 0 && *typed != '@') return say(cli, "@%s", typed);
    return typed;
}

/* Why a value will not do, in the reader's language where there are words for it. */
static void print_wrong(struct cli *cli, const json_t *wrong, const struct guan_error *error)
{
    const char *reason = text_at(wrong, "reason"), *limits = limits_of(cli, wrong), *text;
    if (!wrong) text = said(cli, error->text);
    else if (strcmp(reason, "format") == 0 && json_object_get(wrong, "of")) text = _("that is none of the choices");
    else if (strcmp(reason, "format") == 0)
        text = say(cli, _("that will not do: it should be %s"), type_hint(text_at(wrong, "type")));
    else if ((strcmp(reason, "min") == 0 || strcmp(reason, "max") == 0) && *limits)
        text = say(cli, _("that will not do: %s"), limits);
    else if (strcmp(reason, "yes") == 0) text = _("this one has to be yes");
    else if (strcmp(reason, "pattern") == 0) text = _("it has not the form that is asked for");
    else if (strcmp(reason, "check") == 0) text = _("it does not pass the check of this field");
    else text = said(cli, text_at(wrong, "text"));
    print(cli, BAD, "    %s", text);
    putchar('\n');
}

/* --- one field ---------------------------------------------------------------------------------------------------------------
 */

static bool one_of(const char *typed, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(typed, *words) == 0) return true;
    return false;
}

static bool means_yes(const char *typed)
{
    static const char *const yes[] = {"y", "Y", "yes", "是", NULL};
    return one_of(typed, yes);
}

enum { AGAIN = -1 }; /* no code of the engine: the field is asked for once more */

/* What the step records all the same, with a finding. */
static int take_anyway(struct form *form, const json_t *leaves)
{
    static const char *const words[] = {"yes", "no"};
    struct cli *cli = form->cli;
    if (!leaves) return AGAIN;
    print(cli, WARN, "    %s",
          say(cli, _("it can be recorded so, and leaves a finding: %s, %s"), code_name(text_at(leaves, "code")),
              severity_name(text_at(leaves, "severity"))));
    putchar('\n');
    const char *typed = line_read(form->line, _("take it all the same? [y/N] "), words, 2);
    if (!typed || cli->failed) return given_up(cli);
    return means_yes(typed) ? GUAN_OK : AGAIN;
}

/* Nothing was typed. */
static int leave_empty(struct form *form, const json_t *field)
{
    if (!true_at(field, "required")) return GUAN_OK;
    print(form->cli, BAD, "    %s", _("this one is needed"));
    putchar('\n');
    return take_anyway(form, json_object_get(field, "leaves"));
}

/* Something was typed: the engine judges it. */
static int take_value(struct form *form, const json_t *field, const char *name, const char *typed)
{
    struct guan_error error = {0};
    int code;
    form->pairs[form->pair_count] = (struct guan_pair){name, value_meant(form->cli, field, typed)};
    form->command->field_count = form->pair_count + 1;
    json_t *judged = ask_engine(form->cli, form->command, name, &code, &error);
    if (code == GUAN_USAGE) {
        const char *reason = text_at(judged, "reason");
        bool limit = *reason && strcmp(reason, "format") != 0;
        print_wrong(form->cli, judged, &error);
        code = take_anyway(form, limit ? json_object_get(judged, "leaves") : NULL);
    } else if (code != GUAN_OK) {
        code = engine_error(form->cli, &error);
    }
    json_decref(judged);
    if (code == GUAN_OK) form->pair_count++;
    form->command->field_count = form->pair_count;
    return code;
}

/* Reads until the engine takes it, or it is left empty. */
static int read_value(struct form *form, const json_t *field, const char *name)
{
    struct cli *cli = form->cli;
    const char *const *words;
    size_t word_count = words_of(cli, field, &words);
    for (;;) {
        const char *typed = line_read(form->line, "> ", words, word_count);
        if (!typed || cli->failed) return given_up(cli);
        int code = *typed ? take_value(form, field, name, typed) : leave_empty(form, field);
        if (code != AGAIN) return code;
    }
}

static int ask_field(struct form *form, const json_t *known, size_t number, size_t count)
{
    struct guan_error error = {0};
    int code;
    const char *name = say(form->cli, "%s", text_at(known, "name"));
    json_t *field = ask_engine(form->cli, form->command, name, &code, &error);
    if (code != GUAN_OK) {
        json_decref(field);
        return engine_error(form->cli, &error);
    }
    /* An attachment that is no field is described by the step alone. */
    if (!json_object_get(field, "type")) {
        json_object_update(field, (json_t *)(uintptr_t)known);
        json_object_set_new(field, "asked", json_true());
    }
    if (true_at(field, "asked")) {
        print_field(form->cli, field, number, count);
        code = read_value(form, field, name);
    }
    json_decref(field);
    return code;
}

/* --- the step, the end -------------------------------------------------------------------------------------------------------
 */

static const char *title_of(const struct form *form, const char *name)
{
    size_t i;
    json_t *field;
    json_array_foreach(form->fields, i, field)
    {
        if (strcmp(text_at(field, "name"), name) == 0 && *title_at(field)) return title_at(field);
    }
    return name;
}

static int confirm(struct form *form, const json_t *step)
{
    static const char *const no[] = {"n", "N", "no", "否", NULL}, *const words[] = {"yes", "no"};
    struct grid *grid = grid_new(form->cli, 2);
    grid_put(grid, DIM, _("step"));
    grid_put(grid, BOLD, title_at(step));
    for (size_t i = 0; i < form->pair_count; i++) {
        grid_put(grid, DIM, title_of(form, form->pairs[i].name));
        grid_put(grid, PLAIN, form->pairs[i].value);
    }
    putchar('\n');
    grid_print(grid, 2);
    grid_free(grid);
    for (;;) {
        const char *typed = line_read(form->line, _("record this? (yes/no) "), words, 2);
        if (!typed || form->cli->failed || one_of(typed, no)) return given_up(form->cli);
        if (means_yes(typed)) return GUAN_OK;
    }
}

static int fill_in(struct form *form, const json_t *step, bool chosen)
{
    size_t count = json_array_size(form->fields);
    struct guan_command *command = form->command;
    form->pairs = scratch_take(form->cli, (count + 1) * sizeof *form->pairs);
    if (!form->pairs) return GUAN_FAILED;
    if (count == 0 && !chosen) return GUAN_OK; /* what was typed says it all */
    command->fields = form->pairs;
    print(form->cli, BOLD, "%s", safe(form->cli, title_at(step)));
    print(form->cli, DIM, "  %s  %s", command->name, _("Ctrl-C gives up, Tab completes"));
    putchar('\n');
    for (size_t i = 0; i < count; i++) {
        int code = ask_field(form, json_array_get(form->fields, i), i + 1, count);
        if (code != GUAN_OK) return code;
    }
    return confirm(form, step);
}

/* The steps whose turn it is, those that are required by number; by name, which Tab knows, all. Returns how many have one. */
static size_t print_open(struct cli *cli, const struct todo_item *items, size_t count, const char **ids, size_t *open)
{
    struct grid *grid = grid_new(cli, 4);
    size_t shown = 0;
    bool none = count == 0 || items[0].group != TODO_REQUIRED;
    *open = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].group > TODO_OPTIONAL || *items[i].before) continue;
        enum style style;
        const char *due = due_shown(cli, items[i].item, &style);
        ids[(*open)++] = items[i].id;
        if (items[i].group != TODO_REQUIRED && !none) continue;
        grid_put(grid, DIM, say(cli, "%zu", ++shown));
        grid_put(grid, BOLD, title_at(items[i].item));
        grid_put(grid, DIM, items[i].id);
        grid_put(grid, style, due);
    }
    grid_print(grid, 2);
    grid_free(grid);
    if (*open > shown) print(cli, DIM, "  %s\n", say(cli, _("Tab lists %zu more, to be typed by name"), *open - shown));
    return shown;
}

static int choose_step(struct form *form)
{
    struct cli *cli = form->cli;
    struct guan_error error = {0};
    int code;
    size_t count, open = 0, shown = 0;
    json_t *todo = ask_todo(cli, form->command->kase, &code, &error);
    if (code != GUAN_OK) {
        json_decref(todo);
        return engine_error(cli, &error);
    }
    struct todo_item *items = todo_items(cli, todo, &count);
    const char **ids = scratch_take(cli, (count + 1) * sizeof *ids);
    if (items && ids) shown = print_open(cli, items, count, ids, &open);
    json_decref(todo);
    if (open == 0) {
        printf("%s\n", _("nothing is open"));
        return GUAN_USAGE;
    }
    for (;;) {
        const char *typed = line_read(form->line, _("which step? (number) "), ids, open);
        if (!typed || cli->failed) return given_up(cli);
        size_t number = number_typed(typed, shown);
        for (size_t i = 0; i < open && number == 0; i++)
            if (strcmp(ids[i], typed) == 0) number = i + 1;
        if (number > 0) {
            form->command->name = ids[number - 1];
            return GUAN_OK;
        }
    }
}

static int ask_step(struct form *form, bool chosen)
{
    struct guan_error error = {0};
    int code;
    json_t *step = ask_engine(form->cli, form->command, NULL, &code, &error);
    if (code == GUAN_NO && json_object_get(step, "refused")) {
        render_refusal(form->cli, step);
        printf("%s\n", _("nothing was recorded"));
    } else if (code != GUAN_OK) {
        code = engine_error(form->cli, &error);
    } else {
        form->fields = json_object_get(step, "fields");
        code = fill_in(form, step, chosen);
        form->fields = NULL;
    }
    json_decref(step);
    return code;
}

int prompt_step(struct cli *cli, struct guan_command *command)
{
    struct form form = {.cli = cli, .command = command, .line = line_open(cli)};
    struct guan_error error = {0};
    bool chosen = !command->name;
    int code = form.line ? open_store(cli, &error) : GUAN_FAILED;
    if (!form.line)
        snprintf(error.text, sizeof error.text, "%s", _("this terminal cannot be asked on; give the fields as NAME=VALUE"));
    if (code != GUAN_OK) error.code = code;
    if (code != GUAN_OK) code = engine_error(cli, &error);
    else if (chosen) code = choose_step(&form);
    if (code == GUAN_OK) code = ask_step(&form, chosen);
    line_close(form.line);
    return code;
}
