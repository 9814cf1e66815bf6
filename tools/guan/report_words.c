/* What key figures, classes and origins are called, and how each figure is defined. */
#include "html.h"

#include <string.h>

struct figure {
    const char *id, *name, *formula;
};

static const struct figure figures[] = {
    {"card_rate", N_("Visitors registered"), N_("cases with the visitor's data registered, of the cases with a visit")},
    {"drive_rate", N_("Test drives"), N_("cases with a test drive begun, of the cases with a visit or a booking")},
    {"deal_rate", N_("Contracts signed"),
     N_("cases with a contract signed by both, of the cases with a visit, a booking or a contract")},
    {"second_visit", N_("Second visits"), N_("cases with two or more visits, of the cases with a visit")},
    {"lost_clear", N_("Lost deals decided"), N_("lost deals approved or turned down with their reason, of those applied for")},
    {"lost_rejected", N_("Lost deals turned down"), N_("applications turned down, of those decided")},
    {"thanks", N_("Thanks within 24 hours"), N_("thanks sent in time, of those due")},
    {"first_call", N_("First call within the window"), N_("first calls after delivery on day 2 or 3, of those due")},
    {"promise", N_("Promises kept"), N_("answers given by the time promised, of those promised")},
    {"pdi_first", N_("PDI passed at the first go"), N_("deliveries with one PDI record only, of those with any")},
    {"documents", N_("Papers complete at handover"),
     N_("deliveries without a finding about their papers, of those whose papers were checked")},
    {"complaint", N_("Complaint results in 7 working days"), N_("results told in time, of those due")},
    {"waivers", N_("Waivers"), N_("steps left out with authority, by 100 cases")},
    {"refused", N_("Refused attempts"), N_("commands that a rule, a gate or a role refused, by 100 cases")},
    {"late_entry", N_("Entered late"), N_("records entered long after the fact (T-LAG), of all steps, events and waivers")},
    {NULL, NULL, NULL},
};

static const struct figure *figure_of(const char *id)
{
    const struct figure *figure = figures;
    while (figure->id && strcmp(figure->id, id) != 0) figure++;
    return figure;
}

const char *kpi_name(const char *id)
{
    const struct figure *figure = figure_of(id);
    return figure->id ? _(figure->name) : id;
}

const char *kpi_formula(const char *id)
{
    const struct figure *figure = figure_of(id);
    return figure->id ? _(figure->formula) : "";
}

const char *class_name(const char *klass)
{
    if (strcmp(klass, "law") == 0) return _("law");
    if (strcmp(klass, "standard") == 0) return _("standard");
    if (strcmp(klass, "practice") == 0) return _("practice");
    return strcmp(klass, "dealer") == 0 ? _("house rule") : klass;
}

const char *part_name(const char *value)
{
    static const char *const words[][2] = {{"showroom", N_("showroom")}, {"phone", N_("phone")},
                                           {"online", N_("online")},     {"exhibition", N_("exhibition")},
                                           {"referral", N_("referral")}, {"existing", N_("existing customer")}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], value) == 0) return _(words[i][1]);
    return value;
}

const char *basis_name(const char *basis)
{
    if (strcmp(basis, "seed") == 0) return _("standard");
    if (strcmp(basis, "law") == 0) return _("law");
    if (strcmp(basis, "practice") == 0) return _("practice");
    return strcmp(basis, "proposal") == 0 ? _("proposal") : basis;
}
