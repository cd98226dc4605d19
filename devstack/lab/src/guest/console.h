/* SPDX-License-Identifier: Apache-2.0 */
/* Text lines over COM1, and the heartbeat over QEMU's debug console. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdint.h>

void console_start(void);

void print(const char *text);
void print_number(uint64_t number);
void print_field(const char *name, uint64_t number);

/* The next complete line of input (valid until the next call), or NULL when there is none yet. */
char *console_poll_line(void);

/* One completed slice of work. */
void heartbeat(uint8_t counter);

_Noreturn void halt(void);

#endif
