package io.github.godwit.hostapi.trail;

import java.time.Instant;
import java.util.UUID;

/**
 * A line of the audit trail of a host driver: who did what to what, from where, and with which outcome.
 *
 * @param id        its UUID
 * @param time      when it ended, in milliseconds
 * @param host      name of the host
 * @param action    what was done, such as {@code start}, {@code cancel} or {@code prepare}
 * @param succeeded whether it was done
 * @param type      kind of the object, such as {@code migration}
 * @param target    its id or name; null if it was not made
 * @param who       the names in the client's certificate, {@code token} for whoever has the token, {@code nova-compute}, or {@code anybody} where
 *                  clients need neither
 * @param address   IP address of the client; null for nova-compute on the same host
 * @param path      path of the request; null for nova-compute
 * @param status    HTTP status of the answer; 0 for nova-compute
 */
public record TrailLine(
        UUID id,
        Instant time,
        String host,
        String action,
        boolean succeeded,
        String type,
        String target,
        String who,
        String address,
        String path,
        int status) {}
