package io.github.godwit.host.rest;

import io.github.godwit.host.access.ForPeers;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.load.VmReport;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.vcpu.VcpuThreads;
import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.proxy.VcpuTime;
import io.github.godwit.model.technique.TechniqueAvailability;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The routes below {@code /v1/vms}: the VMs of this host. */
@Path("/v1/vms")
@Produces(MediaType.APPLICATION_JSON)
public final class VmsResource {

    private final VmList vms;
    private final Optional<VmInventory> inventory;
    private final VmReport report;
    private final VmProfileCache profiles;
    private final MigrationService migrations;

    VmsResource(
            VmList vms,
            Optional<VmInventory> inventory,
            VmReport report,
            VmProfileCache profiles,
            MigrationService migrations) {
        this.vms = vms;
        this.inventory = inventory;
        this.report = report;
        this.profiles = profiles;
        this.migrations = migrations;
    }

    private VmInventory requireInventory() {
        return inventory.orElseThrow(() -> Refusal.conflict(
                "libvirt runs the VMs of this host: start and stop them by Nova or, without Nova, by virsh."));
    }

    /** The current state of all VMs. */
    @GET
    public List<VmStatus> list() {
        return report.of(vms.all());
    }

    /** The current state of one VM. */
    @GET
    @Path("{name}")
    @ForPeers
    public VmStatus get(@PathParam("name") @VmName String name) {
        return report.of(vms.get(name));
    }

    /** Boots a VM: status 201 with its state. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@NotNull(message = "The body must be a VM's definition.") VmDefinition definition)
            throws IOException {
        VmStatus started = report.of(requireInventory().boot(definition));
        return Response.created(URI.create("/v1/vms/" + started.name()))
                .entity(started)
                .build();
    }

    /** Stops a VM, unless it is part of a migration. */
    @DELETE
    @Path("{name}")
    public void delete(@PathParam("name") @VmName String name) throws IOException {
        HostedVm vm = requireInventory().get(name);
        migrations.throwIfBusy(vm);
        requireInventory().stop(vm);
    }

    /**
     * Profiles a VM, which takes some seconds, unless its latest profile is complete and at most {@code max_age} seconds old. Parts that
     * cannot be measured are taken from an earlier profile, or missing.
     */
    @GET
    @Path("{name}/profile")
    public VmProfile profile(
            @PathParam("name") @VmName String name,
            @QueryParam("max_age")
                    @DefaultValue("0")
                    @Min(value = 0, message = "Give the age of a profile in seconds, 0 to 3600")
                    @Max(value = 3600, message = "Give the age of a profile in seconds, 0 to 3600")
                    int maxAge)
            throws IOException, InterruptedException {
        return profiles.notOlder(vms.get(name), Duration.ofSeconds(maxAge), VmProfileCache.WHOLE_PROFILE);
    }

    /** CPU time of a VM's vCPUs since its QEMU started here, which is since its arrival if it has arrived. The source of a migration calls this. */
    @GET
    @Path("{name}/vcpu-time")
    @ForPeers
    public VcpuTime vcpuTime(@PathParam("name") @VmName String name) throws IOException {
        return VcpuThreads.time(java.nio.file.Path.of("/proc", Long.toString(vms.pid(name))));
    }

    /** The techniques that can move a VM to a destination, and the reasons why others cannot. */
    @GET
    @Path("{name}/techniques")
    public TechniqueAvailability techniques(
            @PathParam("name") @VmName String name,
            @QueryParam("destination")
                    @NotNull(message = "Give the destination's URL: ?destination=http://10.0.0.2:9622")
                    URI destination) {
        return migrations.techniques(name, destination);
    }
}
