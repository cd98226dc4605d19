package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.hostapi.IncomingTicket;
import java.util.function.Supplier;

/**
 * How post-copy whose connection broke is recovered.
 *
 * @param terms       how long that is tried
 * @param destination has the destination listen again, and returns where
 */
public record Rejoining(RecoveryTerms terms, Supplier<IncomingTicket> destination) {}
