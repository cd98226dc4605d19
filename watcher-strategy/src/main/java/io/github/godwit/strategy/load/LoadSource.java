package io.github.godwit.strategy.load;

import io.github.godwit.nova.AetosAccess;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.Prometheus;
import io.github.godwit.nova.PrometheusAccess;
import java.time.Duration;

/**
 * Where load is read, and how.
 *
 * @param direct  access to Prometheus, or null if it is behind Aetos
 * @param aetos   the endpoint of Aetos, or null
 * @param timeout timeout of each query
 * @param terms   what is asked
 */
public record LoadSource(PrometheusAccess direct, AetosAccess.Choice aetos, Duration timeout, PrometheusTerms terms) {

    /** Returns whether requests carry tokens of Keystone. */
    public boolean needsKeystone() {
        return aetos != null;
    }

    /** Returns a client; {@code session} is used only if it needs Keystone, and may be null otherwise. */
    public Prometheus client(OpenStackSession session) {
        return new Prometheus(aetos == null ? direct : new AetosAccess(session, aetos), timeout);
    }
}
