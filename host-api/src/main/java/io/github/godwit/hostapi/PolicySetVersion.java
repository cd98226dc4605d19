package io.github.godwit.hostapi;

import io.github.godwit.model.select.PolicySet;
import java.time.Instant;

/**
 * Which policy set a host driver has.
 *
 * @param version   its version; 0 for what ships
 * @param changedAt when an operator changed it last; 1970 for what ships
 * @param origin    where it is from: {@code shipped} or {@code service}
 * @param trafficClasses version of the traffic classes in it; null from an older host driver, which knows only those that ship
 */
public record PolicySetVersion(long version, Instant changedAt, String origin, Long trafficClasses) {

    private static final String SHIPPED = "shipped";
    private static final String SERVICE = "service";

    /** The version of a set. */
    public static PolicySetVersion of(PolicySet set) {
        return new PolicySetVersion(
                set.version(),
                set.changedAt(),
                set.wasChanged() ? SERVICE : SHIPPED,
                set.trafficClasses().version());
    }
}
