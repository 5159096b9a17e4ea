#include "cpab/model/metric_spec.h"
