package io.github.godwit.hostapi;

import io.github.godwit.model.unit.Bandwidth;

/**
 * The destination's answer to an {@link IncomingRate}.
 *
 * @param floor     the rate that it guarantees the migration now; zero if it cannot reserve
 * @param available the rate that all traffic leaves free on its link; null if it does not know
 * @param note      why it guarantees less than was asked for; empty if it guarantees that much
 */
public record GrantedRate(Bandwidth floor, Bandwidth available, String note) {}
