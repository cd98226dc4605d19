package io.github.godwit.hostapi;

/**
 * The destination's answer to an {@link IncomingRequest}: its QEMU listens for the migration.
 *
 * @param migrationId     id of the migration
 * @param address         IP address that the source sends to
 * @param port            TCP port that QEMU listens on
 * @param reservationNote why the requested bandwidth was not reserved here; empty if it was, or if none was requested
 * @param lastPort        last port of the range from which libvirt of the destination chooses one, of which {@code port} is the first;
 *                        null if QEMU listens on {@code port} already, or from an older host driver
 * @param plannedPort     a port that the destination keeps for this migration alone, outside of that range; null if it keeps none, if none
 *                        was asked for, or from an older host driver
 * @param key             what the source shows when it connects; null where QEMU itself listens
 */
public record IncomingTicket(
        String migrationId,
        String address,
        int port,
        String reservationNote,
        Integer lastPort,
        Integer plannedPort,
        String key) {

    /** A destination whose QEMU listens. */
    public IncomingTicket(
            String migrationId,
            String address,
            int port,
            String reservationNote,
            Integer lastPort,
            Integer plannedPort) {
        this(migrationId, address, port, reservationNote, lastPort, plannedPort, null);
    }

    /** A destination that keeps no port. */
    public IncomingTicket(String migrationId, String address, int port, String reservationNote, Integer lastPort) {
        this(migrationId, address, port, reservationNote, lastPort, null);
    }

    /** A destination whose QEMU listens already. */
    public IncomingTicket(String migrationId, String address, int port, String reservationNote) {
        this(migrationId, address, port, reservationNote, null, null);
    }

    /** A destination whose host driver listens for the source that knows this key. */
    public static IncomingTicket forKey(
            String migrationId, String address, int port, String reservationNote, String key) {
        return new IncomingTicket(migrationId, address, port, reservationNote, null, null, key);
    }
}
