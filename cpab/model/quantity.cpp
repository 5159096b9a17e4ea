#include "cpab/model/quantity.h"
