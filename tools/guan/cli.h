/* The command line: what was typed, and the table of what can be typed. Knows the engine by guan.h alone. */
#ifndef CLI_H
#define CLI_H

#include "guan.h"

#include <stdio.h>

struct cli;

/* An option as it was typed, in order; `with` and its like may come several times. */
struct given {
    char letter;
    const char *value;
};

struct option_info {
    char letter; /* names the option in `struct command.options`; not a short option */
    const char *name;
    const char *argument; /* NULL: a switch */
    const char *help;
    bool global; /* understood by every command */
};

struct command {
    const char *name; /* one word, or "audit verify" */
    const char *arguments;
    const char *help;
    const char *options;  /* letters of its own options */
    const char *examples; /* a command line each line, without "guan" */
    int least, most;      /* arguments; most -1: any number */
    int (*run)(struct cli *cli);
};

extern const struct option_info option_table[];
extern const struct command command_table[];

struct cli {
    const struct command *command;
    char **args; /* what follows the command's name */
    int arg_count;
    struct given *given;
    size_t given_count;
    bool json;
    bool colour;
    int columns; /* of the terminal; 0: not one, nothing is wrapped */
    struct guan *guan;
    struct scratch *scratch; /* text made on the way; freed at the end */
    size_t tests;            /* of the TAP output, over all stories */
    bool failed;             /* memory ran out, or the output could not be written */
};

/* options.c */
int options_parse(struct cli *cli, int argc, char **argv);
const char *option_value(const struct cli *cli, char letter); /* the last one; NULL: not given */
bool option_given(const struct cli *cli, char letter);
/* All values of one option, in order; NULL when there are none. */
const char *const *option_values(struct cli *cli, char letter, size_t *count);
/* The command that `words` begin with, and how many words its name takes; NULL: none. */
const struct command *command_find(char *const *words, int count, int *taken);
/* NAME=VALUE, split at the first `=`. */
int pairs_parse(struct cli *cli, const char *const *texts, size_t count, struct guan_pair **out);

/* Says on stderr what is wrong with the command line (with --json as JSON too). Returns GUAN_USAGE. */
int usage_error(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, for arguments: `what` is wrong with them, and how they go. */
int arguments_error(struct cli *cli, const char *what);
/* The same for what the engine reports; returns error->code. */
int engine_error(struct cli *cli, const struct guan_error *error);
/* Opens the store of --store, GUAN_STORE or guan.db. */
int open_store(struct cli *cli, struct guan_error *error);
const char *store_name(const struct cli *cli);
const char *key_file(struct cli *cli); /* of --file; else beside the store */
/* The nearest folder at or above `file` that holds processes/; NULL: none. */
const char *bundle_above(struct cli *cli, const char *file);

/* commands */
int cmd_check(struct cli *cli);
int cmd_run(struct cli *cli);
int cmd_init(struct cli *cli);
int cmd_deploy(struct cli *cli);
int cmd_open(struct cli *cli);
int cmd_do(struct cli *cli);
int cmd_send(struct cli *cli);
int cmd_waive(struct cli *cli);
int cmd_amend(struct cli *cli);
int cmd_assign(struct cli *cli);
int cmd_work(struct cli *cli);
int cmd_tick(struct cli *cli);
int cmd_list(struct cli *cli);
int cmd_find(struct cli *cli);
int cmd_show(struct cli *cli);
int cmd_todo(struct cli *cli);
int cmd_log(struct cli *cli);
int cmd_story(struct cli *cli);
int cmd_verify(struct cli *cli);
int cmd_replay(struct cli *cli);
int cmd_key(struct cli *cli);
int cmd_checkpoint(struct cli *cli);
int cmd_cosign(struct cli *cli);
int cmd_prove(struct cli *cli);
int cmd_tiles(struct cli *cli);
int cmd_receipt(struct cli *cli);
int cmd_backup(struct cli *cli);
int cmd_store_check(struct cli *cli);
int cmd_stats(struct cli *cli);
int cmd_restore(struct cli *cli);
int cmd_coverage(struct cli *cli);
int cmd_findings(struct cli *cli);
int cmd_rules(struct cli *cli);
int cmd_sample(struct cli *cli);
int cmd_report(struct cli *cli);
int cmd_export(struct cli *cli);
int cmd_help(struct cli *cli);
int cmd_completion(struct cli *cli);
int cmd_man(struct cli *cli);

#endif
