/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of a Linux guest that is always there. It answers every UDP datagram on port 7 with the datagram and the work done so
 * far, so that a client outside sees when the guest is reachable and what it achieves. Every 2 ms it sends a heartbeat to QEMU's debug
 * console, a rolling counter, as the lab's freestanding guest does.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 7, HEARTBEAT_PORT = 0xe9, PERIOD_NS = 2000000, SECOND_NS = 1000000000, MOST_BYTES = 256, WORK_BYTES = 24 };

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * (long long)SECOND_NS + time.tv_nsec;
}

/* Appends the first bytes of the file in which the workload counts its work. */
static size_t append_work(char *to) {
    int file = open("/run/work", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t bytes = read(file, to, WORK_BYTES);
    close(file);
    return bytes < 0 ? 0 : (size_t)bytes;
}

static void answer(int socket) {
    char text[MOST_BYTES + WORK_BYTES];
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t bytes = recvfrom(socket, text, MOST_BYTES, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
    if (bytes < 0)
        return;
    size_t all = (size_t)bytes + append_work(text + bytes);
    sendto(socket, text, all, MSG_DONTWAIT, (struct sockaddr *)&from, length);
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(INADDR_ANY)};
    struct pollfd wait = {.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), .events = POLLIN};
    if (wait.fd < 0 || bind(wait.fd, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("answer: port 7");
        return EXIT_FAILURE;
    }
    if (ioperm(HEARTBEAT_PORT, 1, 1) != 0) {
        perror("answer: debug console");
        return EXIT_FAILURE;
    }
    unsigned char heartbeat = 0;
    long long next = now() + PERIOD_NS;
    for (;;) {
        long long left = next - now();
        struct timespec time = {.tv_nsec = left > 0 ? left : 0};
        if (ppoll(&wait, 1, &time, NULL) > 0)
            answer(wait.fd);
        long long time_now = now();
        if (time_now >= next) {
            outb(heartbeat++, HEARTBEAT_PORT);
            /* What was missed is not made up for: a guest that stood still has done no work. */
            next = next + PERIOD_NS > time_now ? next + PERIOD_NS : time_now + PERIOD_NS;
        }
    }
}
