package io.github.godwit.strategy.cluster;

/**
 * A host driver, host or VM that a snapshot of the cluster leaves out.
 *
 * @param what   the URL of the host driver, the host or the VM
 * @param reason the reason, as a sentence
 */
public record Omission(String what, String reason) {}
