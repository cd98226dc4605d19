package io.github.godwit.host.rest;

import io.github.godwit.host.load.HostReport;
import io.github.godwit.host.load.VmReport;
import io.github.godwit.host.migrate.IncomingService;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.profile.VmProfiler;
import io.github.godwit.host.vm.VmInventory;
import java.util.List;

/** All routes of {@link io.github.godwit.model.api}. */
public final class Routes {

    private Routes() {}

    /** The resources, for {@link RestServer}. */
    public static List<Object> of(
            HostReport host,
            VmInventory inventory,
            VmReport vms,
            VmProfiler profiler,
            MigrationService migrations,
            EventStreams streams,
            IncomingService incoming) {
        return List.of(
                new HostResource(host),
                new VmsResource(inventory, vms, profiler, migrations),
                new MigrationsResource(migrations, streams),
                new IncomingResource(incoming),
                new OpenApiResource(host.agentVersion()));
    }
}
