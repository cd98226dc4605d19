package io.github.godwit.host.rest;

import io.github.godwit.host.load.ThisHost;
import io.github.godwit.host.load.VmReport;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.policy.PolicySets;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmList;
import java.util.List;
import java.util.Optional;

/** All routes of the REST API ({@link io.github.godwit.hostapi}). */
public final class Routes {

    private Routes() {}

    /**
     * The JAX-RS resources for {@link HostApiServer}.
     *
     * @param host       this host as it is now
     * @param version    version of the host driver
     * @param hostSwitch whether Godwit influences the migrations from this host
     * @param metrics    what is counted
     * @param all       all VMs of this host
     * @param inventory the same VMs if this host driver starts and stops them; empty if Nova does
     */
    public static List<Object> of(
            ThisHost host,
            String version,
            SwitchResource.Switch hostSwitch,
            HostMetrics metrics,
            VmList all,
            Optional<VmInventory> inventory,
            VmReport vms,
            VmProfileCache profiles,
            MigrationService migrations,
            Arrivals arrivals,
            EventStreams streams,
            PolicySets policies,
            HostTrail trail) {
        return List.of(
                new HostResource(host),
                new VmsResource(all, inventory, vms, profiles, migrations),
                new MigrationsResource(migrations, streams),
                new IncomingResource(arrivals),
                new SwitchResource(hostSwitch),
                new MetricsResource(metrics),
                new PoliciesResource(policies),
                new TrailResource(trail),
                new OpenApiResource(version));
    }
}
