package io.github.godwit.host.migrate;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.QemuSettings;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known and decided before a migration touches anything.
 *
 * @param request       what was asked for
 * @param migrationCase the VM, the hosts and the link, as found just now
 * @param decision      the technique and why
 * @param settings      what this host's QEMU is told
 * @param sourceAddress IP address the migration comes from
 * @param reservation   bandwidth to keep for it on both hosts, or null
 */
public record PreparedMigration(
        MigrationRequest request,
        MigrationCase migrationCase,
        Decision decision,
        QemuSettings settings,
        String sourceAddress,
        Bandwidth reservation) {

    private static final Logger LOG = LoggerFactory.getLogger(PreparedMigration.class);

    /** Has the VM's profile. */
    @FunctionalInterface
    public interface ProfileSource {
        VmProfile profile() throws IOException, InterruptedException;
    }

    /**
     * Profiles the VM, both hosts and the link between them, and decides; takes some seconds. A VM of which nothing can be measured
     * is decided about all the same: by plain pre-copy.
     */
    public static PreparedMigration make(MigrationRequest request, Vm vm, MigrationParts parts)
            throws IOException, InterruptedException {
        return make(
                request,
                Set.of(),
                link -> Optional.ofNullable(request.reservation()),
                () -> profile(vm, parts),
                vm,
                parts);
    }

    private static VmProfile profile(Vm vm, MigrationParts parts) throws InterruptedException {
        try {
            return parts.profiles().anew(vm, VmProfileCache.WHOLE_PROFILE);
        } catch (IOException e) {
            LOG.warn("VM '{}' is decided about without a profile: {}", vm.name(), e.getMessage());
            return VmProfile.unmeasured(vm.running().definition());
        }
    }

    /**
     * The same for one that nobody has planned.
     *
     * @param excluded    techniques that are not wanted
     * @param reservation how much bandwidth to keep on a link
     * @param profiles    has the VM's profile
     */
    public static PreparedMigration make(
            MigrationRequest request,
            Set<Technique> excluded,
            Function<LinkProfile, Optional<Bandwidth>> reservation,
            ProfileSource profiles,
            Vm vm,
            MigrationParts parts)
            throws IOException, InterruptedException {
        HostStatus here = parts.host().get();
        HostStatus there = parts.peers().apply(request.destination()).host();
        Observation observed = request.observed() == null
                ? new Observation(profiles.profile(), here.profile(), there.profile())
                : checked(request.observed(), vm.running().definition());
        VmProfile profile = observed.vm();
        LinkProfile link =
                LinkProfile.between(observed.source(), observed.destination(), RoundTrip.millis(request.destination()));
        Optional<Bandwidth> kept = reservation.apply(link);
        MigrationCase migrationCase = new MigrationCase(
                profile,
                observed.source(),
                observed.destination(),
                kept.map(link::withReserved).orElse(link),
                tuning(request, profile));
        Decision decision = Decision.make(
                request,
                migrationCase,
                TechniqueAvailability.between(here.capabilities(), there.capabilities(), profile)
                        .without(excluded, "is not wanted for this VM"),
                parts.predictor(),
                parts.policies());
        QemuSettings settings =
                QemuSettings.of(decision.technique(), here.capabilities().qemu(), migrationCase.tuning());
        return new PreparedMigration(
                request, migrationCase, decision, settings, here.migrationAddress(), kept.orElse(null));
    }

    private static Observation checked(Observation given, VmDefinition definition) {
        VmProfile vm = given.vm();
        if (!vm.memory().equals(definition.memory())
                || vm.vcpus() != definition.vcpus()
                || vm.dirtyRing() != definition.dirtyRingSize() > 0) {
            throw Refusal.conflict(
                    "What was observed is not this VM '%s': memory, vcpus or dirty ring differ. Leave it out, and the host driver profiles it itself."
                            .formatted(definition.name()));
        }
        return given;
    }

    private static MigrationTuning tuning(MigrationRequest request, VmProfile profile) {
        MigrationTuning tuning = MigrationTuning.forVm(profile);
        MigrationTuning limited = request.timeLimit() == null ? tuning : tuning.withTimeLimit(request.timeLimit());
        return request.downtimeLimit() == null ? limited : limited.withDowntimeLimit(request.downtimeLimit());
    }

    /** What the destination is asked to prepare. */
    public IncomingRequest incoming(String migrationId, Vm vm) {
        return new IncomingRequest(
                migrationId,
                vm.running().definition(),
                decision.technique(),
                migrationCase.tuning(),
                sourceAddress,
                reservation);
    }
}
