package io.github.godwit.strategy.cluster;

/**
 * A host driver, host, VM or record that a snapshot of the cluster leaves out or does not understand, or the load of some in a monitoring
 * system.
 *
 * @param what   the URL of the host driver, the host, the VM or the record, or whose load it is
 * @param reason the reason, as a sentence
 */
public record Omission(String what, String reason) {}
