/* A flow as a transition system, worked out as far as it is asked for: what can be done in which order, conditions taken as
 * choices. README.md says what is kept of a flow and what is not.
 *
 * A state is: the configuration, which steps are done (where that matters), which states have said that they are complete, what
 * histories remember. Labels 0 … net_label_count()-1 are steps done, steps waived, events sent; everything else is silent. */
#ifndef AUDIT_NET_H
#define AUDIT_NET_H

#include "audit/align.h"
#include "chart/chart.h"

#define NET_STATES   400000u /* of one flow */
#define NET_BRANCHES 4096u   /* that one step may have, by its conditions */
#define NET_QUEUE    16u     /* internal events that wait */

struct net;
/* `events`: names that the log has and the flow does not spell out: kept where a transition takes them ("message.*"). */
int net_new(const struct chart *chart, const char *const *events, uint32_t count, struct net **out, struct guan_error *error);
void net_free(struct net *net);
struct align_model net_model(struct net *net); /* valid as long as the net */
uint32_t net_label_count(const struct net *net);
const char *net_label_name(const struct net *net, uint32_t label);  /* "arrive", also of a waived step */
const char *net_label_title(const struct net *net, uint32_t label); /* NULL: none */
bool net_label_waived(const struct net *net, uint32_t label);
/* ALIGN_UNKNOWN: there is none. */
uint32_t net_label(const struct net *net, const char *name, bool waived);
uint32_t net_state_count(const struct net *net);
bool net_ends(const struct net *net);   /* has a final state at the top */
bool net_is_cut(const struct net *net); /* a limit was hit: what is beyond is missing */

#endif
