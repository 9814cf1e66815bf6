/* The engine's answers as text: one function an answer. */
#ifndef RENDER_H
#define RENDER_H

#include "words.h"

void render_diagnostic(struct cli *cli, const json_t *value);
void render_run(struct cli *cli, const json_t *value);
void render_result(struct cli *cli, const json_t *values);  /* of open, do, send, waive, tick */
void render_refusal(struct cli *cli, const json_t *result); /* its "refused" */
void render_list(struct cli *cli, const json_t *values);
void render_show(struct cli *cli, const json_t *values);
void render_todo(struct cli *cli, const json_t *values);
void render_log(struct cli *cli, const json_t *values);
void render_findings(struct cli *cli, const json_t *values);
void render_verify(struct cli *cli, const json_t *values);
void render_past(struct cli *cli, const json_t *values); /* audit check */
void render_replay(struct cli *cli, const json_t *values);
void render_finding(struct cli *cli, const json_t *values);
void render_key(struct cli *cli, const json_t *values);
void render_note(struct cli *cli, const json_t *values);
void render_proof(struct cli *cli, const json_t *values);
void render_tiles(struct cli *cli, const json_t *values);
void render_receipt(struct cli *cli, const json_t *values);
void render_backup(struct cli *cli, const json_t *values);
void render_store_check(struct cli *cli, const json_t *values);
void render_stats(struct cli *cli, const json_t *values);
void render_restore(struct cli *cli, const json_t *values);

/* Parts of several. */
void print_findings(struct cli *cli, const json_t *findings, size_t indent);
const char *due_shown(struct cli *cli, const json_t *item, enum style *style);
/* The same with no more of the date than is needed beside `now` (local, may be ""); the time left first. */
const char *due_short(struct cli *cli, const char *now, const json_t *item, enum style *style);

#endif
