#include "cpab/app/command_line.h"

int main(int argc, char** argv) { return cpab::run_command_line({argv + 1, argv + argc}); }
