package io.github.godwit.hostapi;

/**
 * The destination is ready.
 *
 * @param migrationId     id of the migration
 * @param address         IP address to send to
 * @param port            TCP port that QEMU listens on
 * @param reservationNote why nothing was reserved here though it was asked for, else empty
 */
public record IncomingTicket(String migrationId, String address, int port, String reservationNote) {}
