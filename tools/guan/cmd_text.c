/* man, completion: texts for other programs, made from the table. */
#include "print.h"

#include <stdlib.h>
#include <string.h>

/* With --json, what `write` prints becomes {"text":…}. */
static int print_text(struct cli *cli, void (*write)(FILE *out))
{
    if (!cli->json) {
        write(stdout);
        return GUAN_OK;
    }
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out) write(out);
    json_t *value = out && fclose(out) == 0 ? json_pack("{s:s%}", "text", text, length) : NULL;
    if (!value || json_dumpf(value, stdout, JSON_COMPACT) != 0) cli->failed = true;
    putchar('\n');
    json_decref(value);
    free(text);
    return GUAN_OK;
}

/* --- man: mdoc(7) --------------------------------------------------------------------------------------------------- */

/* Text for roff: no line begins with a control character, backslashes are doubled, hyphens are hyphens. */
static void roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'') fputs("\\&", out);
    for (; *text; text++) {
        if (*text == '\\') fputs("\\e", out);
        else if (*text == '-') fputs("\\-", out);
        else fputc(*text, out);
    }
}

static void man_options(FILE *out, bool global, const char *letters)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (const struct option_info *info = option_table; info->name; info++) {
        if (global ? !info->global : !strchr(letters, info->letter)) continue;
        fprintf(out, ".It Fl \\-%s", info->name);
        if (info->argument) fprintf(out, " Ar %s", translated(info->argument));
        fputc('\n', out);
        roff(out, translated(info->help));
        fputc('\n', out);
    }
    fputs(".El\n", out);
}

static void man_commands(FILE *out)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (const struct command *command = command_table; command->name; command++) {
        fprintf(out, ".It Cm %s", command->name);
        if (*command->arguments) fprintf(out, " Ar \"%s\"", translated(command->arguments));
        fputc('\n', out);
        roff(out, translated(command->help));
        fputc('\n', out);
        if (*command->options) man_options(out, false, command->options);
        fputs(".Bd -literal -offset indent -compact\n", out);
        for (const char *line = command->examples; *line;) {
            size_t length = strcspn(line, "\n");
            fputs("guan ", out);
            for (size_t i = 0; i < length; i++)
                fputs(line[i] == '\\' ? "\\e" : line[i] == '-' ? "\\-" : (char[]){line[i], 0}, out);
            fputc('\n', out);
            line += length + (line[length] == '\n');
        }
        fputs(".Ed\n", out);
    }
    fputs(".El\n", out);
}

static void write_man(FILE *out)
{
    fprintf(out, ".Dd $Mdocdate$\n.Dt GUAN 1\n.Os guan %s\n.Sh NAME\n.Nm guan\n.Nd ", guan_version());
    roff(out, _("keeps a service standard, and the record of it"));
    fputs("\n.Sh SYNOPSIS\n.Nm\n.Op Ar OPTIONS\n.Ar COMMAND\n.Op Ar ARGUMENTS\n.Sh DESCRIPTION\n", out);
    roff(out, _("Takes a customer through the gates of a service standard, refuses a passage whose required steps are missing, "
                "and keeps a record that an auditor can trust."));
    fputs("\n.Pp\n", out);
    roff(out, _("Options, before or after the command:"));
    fputc('\n', out);
    man_options(out, true, "");
    fputs(".Sh COMMANDS\n", out);
    man_commands(out);
    fputs(".Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev GUAN_STORE\n", out);
    roff(out, _("the store, when there is no --store"));
    fputs("\n.It Ev GUAN_ACTOR\n", out);
    roff(out, _("the actor, when there is no --as"));
    fputs("\n.It Ev NO_COLOR\n", out);
    roff(out, _("no colours"));
    fputs("\n.El\n.Sh EXIT STATUS\n", out);
    roff(out, _("0 yes; 1 the answer is no: refused, findings, an invalid definition, a story that failed; 2 usage; "
                "3 the record does not verify; 4 the machine failed."));
    fputc('\n', out);
}

int cmd_man(struct cli *cli)
{
    return print_text(cli, write_man);
}

/* --- completion ------------------------------------------------------------------------------------------------------ */

static bool same_head(const char *a, const char *b)
{
    size_t length = strcspn(a, " ");
    return strcspn(b, " ") == length && strncmp(a, b, length) == 0;
}

static bool head_told(const struct command *command)
{
    for (const struct command *before = command_table; before < command; before++)
        if (same_head(before->name, command->name)) return true;
    return false;
}

static void put_commands(FILE *out)
{
    fputs("_guan_commands='", out);
    for (const struct command *command = command_table; command->name; command++)
        if (!head_told(command)) fprintf(out, "%.*s ", (int)strcspn(command->name, " "), command->name);
    fputs("'\n", out);
}

/* What may follow a word like `audit`. */
static void put_second_words(FILE *out)
{
    fputs("declare -gA _guan_second\n", out);
    for (const struct command *head = command_table; head->name; head++) {
        size_t length = strcspn(head->name, " ");
        if (!head->name[length] || head_told(head)) continue;
        fprintf(out, "_guan_second[%.*s]='", (int)length, head->name);
        for (const struct command *command = head; command->name; command++)
            if (same_head(command->name, head->name) && command->name[length]) fprintf(out, "%s ", command->name + length + 1);
        fputs("'\n", out);
    }
}

static void put_options(FILE *out, const char *head, bool (*fits)(const struct option_info *, const struct command *),
                        const struct command *command)
{
    fputs(head, out);
    for (const struct option_info *info = option_table; info->name; info++)
        if (fits(info, command)) fprintf(out, "--%s ", info->name);
    fputs("'\n", out);
}

static bool is_global(const struct option_info *info, const struct command *command)
{
    (void)command;
    return info->global;
}

static bool takes_value(const struct option_info *info, const struct command *command)
{
    (void)command;
    return info->argument != NULL;
}

static bool is_own(const struct option_info *info, const struct command *command)
{
    return !info->global && strchr(command->options, info->letter);
}

static const char completion[] =
    "_guan()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word i command= skip= choice=\n"
    "    COMPREPLY=()\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if [[ $skip ]]; then skip=; continue; fi\n"
    "        if [[ \" $_guan_valued \" == *\" $word \"* ]]; then skip=1; continue; fi\n"
    "        if [[ $word != -* ]]; then command=$word; break; fi\n"
    "    done\n"
    "    if [[ $prev == --lang ]]; then choice='zh en'\n"
    "    elif [[ $prev == --store ]]; then COMPREPLY=($(compgen -f -- \"$cur\")); return\n"
    "    elif [[ \" $_guan_valued \" == *\" $prev \"* ]]; then return\n"
    "    elif [[ $cur == -* ]]; then choice=\"$_guan_global ${_guan_own[${command:-none}]}\"\n"
    "    else\n"
    "        case $command in\n"
    "        '' | help) choice=$_guan_commands ;;\n"
    "        completion) choice=bash ;;\n"
    "        check | run | story | deploy) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
    "        *) choice=${_guan_second[$command]} ;;\n"
    "        esac\n"
    "    fi\n"
    "    COMPREPLY=($(compgen -W \"$choice\" -- \"$cur\"))\n"
    "}\n"
    "complete -o filenames -F _guan guan\n";

static void write_completion(FILE *out)
{
    fputs("# bash completion for guan\n", out);
    put_commands(out);
    put_second_words(out);
    put_options(out, "_guan_global='", is_global, NULL);
    put_options(out, "_guan_valued='", takes_value, NULL);
    fputs("declare -gA _guan_own\n", out);
    for (const struct command *command = command_table; command->name; command++) {
        if (!*command->options) continue;
        fprintf(out, "_guan_own[%s]", command->name);
        put_options(out, "='", is_own, command);
    }
    fputs(completion, out);
}

int cmd_completion(struct cli *cli)
{
    if (strcmp(cli->args[0], "bash") != 0) return usage_error(cli, _("only bash, for now"));
    return print_text(cli, write_completion);
}
