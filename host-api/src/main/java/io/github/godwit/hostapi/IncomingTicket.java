package io.github.godwit.hostapi;

/**
 * The destination's answer to an {@link IncomingRequest}: its QEMU listens for the migration.
 *
 * @param migrationId     id of the migration
 * @param address         IP address that the source sends to
 * @param port            TCP port that QEMU listens on
 * @param reservationNote why the requested bandwidth was not reserved here; empty if it was, or if none was requested
 */
public record IncomingTicket(String migrationId, String address, int port, String reservationNote) {}
