package io.github.godwit.host.migrate;

import io.github.godwit.host.Refusal;
import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.model.LinkProfile;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.MigrationTuning;
import io.github.godwit.model.QemuSettings;
import io.github.godwit.model.TechniqueAvailability;
import io.github.godwit.model.VmProfile;
import io.github.godwit.model.api.HostStatus;
import io.github.godwit.model.api.IncomingRequest;
import io.github.godwit.model.api.MigrationRequest;
import io.github.godwit.model.api.MigrationRequest.Observation;
import io.github.godwit.model.api.VmDefinition;
import java.io.IOException;

/**
 * What is known and decided before a migration touches anything.
 *
 * @param request       what was asked for
 * @param migrationCase the VM, the hosts and the link, as found just now
 * @param decision      the technique and why
 * @param settings      what this host's QEMU is told
 * @param sourceAddress IP address the migration comes from
 */
record MigrationPlan(
        MigrationRequest request,
        MigrationCase migrationCase,
        Decision decision,
        QemuSettings settings,
        String sourceAddress) {

    /** Looks at the VM, both hosts and the way between them, and decides; takes some seconds. */
    static MigrationPlan make(MigrationRequest request, HostedVm vm, MigrationParts parts)
            throws IOException, InterruptedException {
        HostStatus here = parts.host().get();
        HostStatus there = parts.peers().host(request.destination());
        Observation observed = request.observed() == null
                ? new Observation(parts.profiler().profile(vm.running(), vm.qmp()), here.profile(), there.profile())
                : checked(request.observed(), vm.running().definition());
        VmProfile profile = observed.vm();
        MigrationCase migrationCase = new MigrationCase(
                profile, observed.source(), observed.destination(), link(request, observed), tuning(request, profile));
        Decision decision = Decision.make(
                request,
                migrationCase,
                TechniqueAvailability.between(here.capabilities(), there.capabilities(), profile),
                parts.predictor(),
                parts.policies());
        QemuSettings settings =
                QemuSettings.of(decision.technique(), here.capabilities().qemu(), migrationCase.tuning());
        return new MigrationPlan(request, migrationCase, decision, settings, here.migrationAddress());
    }

    private static Observation checked(Observation given, VmDefinition definition) {
        VmProfile vm = given.vm();
        if (!vm.memory().equals(definition.memory())
                || vm.vcpus() != definition.vcpus()
                || vm.dirtyRing() != definition.dirtyRingSize() > 0) {
            throw Refusal.conflict(
                    "What was observed is not this VM '%s': memory, vcpus or dirty ring differ. Leave it out, and the host driver looks itself."
                            .formatted(definition.name()));
        }
        return given;
    }

    private static LinkProfile link(MigrationRequest request, Observation observed) throws IOException {
        LinkProfile link =
                LinkProfile.between(observed.source(), observed.destination(), RoundTrip.millis(request.destination()));
        return request.reservation() == null ? link : link.withReserved(request.reservation());
    }

    private static MigrationTuning tuning(MigrationRequest request, VmProfile profile) {
        MigrationTuning tuning = MigrationTuning.forVm(profile);
        MigrationTuning limited = request.timeLimit() == null ? tuning : tuning.withTimeLimit(request.timeLimit());
        return request.downtimeLimit() == null ? limited : limited.withDowntimeLimit(request.downtimeLimit());
    }

    /** What the destination is asked to prepare. */
    IncomingRequest incoming(String migrationId, HostedVm vm) {
        return new IncomingRequest(
                migrationId,
                vm.running().definition(),
                decision.technique(),
                migrationCase.tuning(),
                sourceAddress,
                request.reservation());
    }
}
