package io.github.godwit.host.nova;

import io.github.godwit.host.profile.VmProfileCache;
import java.time.Duration;

/**
 * Time limits of an answer to nova-compute.
 *
 * @param answer       for the whole answer to nova-compute
 * @param quickProfile of that, for profiling the VM; after it an older profile is used where there is one
 * @param reserve      of that, at most, for the destination's host driver
 * @param wholeProfile for profiling the VM while nova-compute does not wait yet
 */
public record NovaPatience(Duration answer, Duration quickProfile, Duration reserve, Duration wholeProfile) {

    /** nova-compute waits for two seconds; profiling takes two to three, more on a busy host. */
    public static final NovaPatience DEFAULT = new NovaPatience(
            Duration.ofMillis(1_700), Duration.ofMillis(900), Duration.ofMillis(1_500), VmProfileCache.WHOLE_PROFILE);
}
