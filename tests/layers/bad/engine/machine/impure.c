/* Asks the clock. */
#include "chart/chart.h"
#include "machine/machine.h"
#include "standard/standard.h"

long now(void)
{
    return time(0);
}
