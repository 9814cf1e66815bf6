/* Points up. A word in a comment, strcpy(a, b), is no call. */
#include "base/error.h"
#include "chart/chart.h"
#include "guan.h"
#include <machine/machine.h>
#include <string.h>

#include "../chart/chart.h"
