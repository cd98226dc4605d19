package io.github.godwit.hostapi;

import java.time.Instant;

/**
 * A host to which no migration goes by a port of its own, because one could not be reached or libvirt did not take it. libvirt chooses the
 * port until {@code until}.
 *
 * @param destination name of the host
 * @param words       why, as a clause
 * @param refusedAt   when that happened last
 * @param until       when the host is asked for a port again
 * @param times       how often it happened since a migration last went by a port of its own
 */
public record PortRefusal(String destination, String words, Instant refusedAt, Instant until, int times) {}
