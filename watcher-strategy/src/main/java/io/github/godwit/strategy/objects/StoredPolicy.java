package io.github.godwit.strategy.objects;

import io.github.godwit.model.select.SloPolicy;
import java.time.Instant;

/**
 * One version of a policy.
 *
 * @param policy    the policy, whose version counts from 1 with each change; 0 for the version that ships
 * @param createdAt when it was stored; null for the version that ships
 */
public record StoredPolicy(SloPolicy policy, Instant createdAt) {}
