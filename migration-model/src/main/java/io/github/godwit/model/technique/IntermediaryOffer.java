package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * An intermediary as a host driver announces it: a server on which pages of a migration by SCATTER-GATHER may wait.
 *
 * @param name its address and port, by which both hosts know it
 * @param link the rate at which it takes pages; null where its operator did not say, which counts as no bottleneck
 */
public record IntermediaryOffer(String name, Bandwidth link) {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is missing
     */
    public IntermediaryOffer {
        Checks.named("name of an intermediary", name);
    }
}
