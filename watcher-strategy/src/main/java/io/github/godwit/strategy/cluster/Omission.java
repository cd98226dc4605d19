package io.github.godwit.strategy.cluster;

/**
 * Something that a picture of the cluster leaves out, and why: nothing is left out silently.
 *
 * @param what   the agent's URL, the host or the VM
 * @param reason why, in a sentence
 */
public record Omission(String what, String reason) {}
