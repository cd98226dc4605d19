package io.github.godwit.strategy.objects;

import io.github.godwit.model.select.SloPolicy;
import java.time.Instant;

/**
 * A version of a policy.
 *
 * @param policy    what it says
 * @param version   counts from 1 with each change; 0 for one that ships and was never changed
 * @param createdAt when it was given, null for one that ships
 */
public record StoredPolicy(SloPolicy policy, int version, Instant createdAt) {}
