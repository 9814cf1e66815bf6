/* Asking for a step field by field, at a terminal. */
#ifndef PROMPT_H
#define PROMPT_H

#include "cli.h"

/* A person at both ends, who did not ask for JSON. */
bool prompt_possible(const struct cli *cli);
/* Asks for what `command`, a step without fields, still needs: the step itself when it has no name, its fields, a yes. GUAN_OK:
 * `command` can be carried out. Else the exit code; it has been said why, and nothing was recorded. */
int prompt_step(struct cli *cli, struct guan_command *command);

#endif
