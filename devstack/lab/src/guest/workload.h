/* SPDX-License-Identifier: Apache-2.0 */
/* The work of one slice: page writes at the requested rate, then computing. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "parameters.h"

/* Measures how many loop iterations fill one slice on an undisturbed vCPU. */
void workload_calibrate(uint32_t cycles_per_ms, uint32_t slice_us);

/* Applies rate, pattern, working set and duty cycle from now on. */
void workload_configure(const struct parameters *parameters);

void workload_run_slice(void);

uint32_t workload_iterations_per_slice(void);

#endif
