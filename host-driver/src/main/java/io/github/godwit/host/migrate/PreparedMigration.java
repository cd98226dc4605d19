package io.github.godwit.host.migrate;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.migrate.permit.PermittedChanges;
import io.github.godwit.host.migrate.permit.PermittedTechniques;
import io.github.godwit.host.migrate.permit.UncopiedPages;
import io.github.godwit.host.migrate.permit.VmTechniques;
import io.github.godwit.host.migrate.rate.RateRule;
import io.github.godwit.host.migrate.rate.ReservationWish;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.MigrationDecider;
import io.github.godwit.model.select.MigrationDecider.Situation;
import io.github.godwit.model.select.NoTechniqueException;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.QemuSettings;
import io.github.godwit.model.technique.Scattering;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.technique.TechniqueTraits.Throttle;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.watch.DowntimeRamp;
import io.github.godwit.model.watch.MigrationWatch;
import io.github.godwit.model.watch.SecondChoice;
import io.github.godwit.model.watch.SecondChoice.SecondAttempt;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known and decided before a migration touches anything.
 *
 * @param request       what was requested
 * @param migrationCase the VM, the hosts and the link, as found just now
 * @param decision      the technique and why: the plan's, where one was made
 * @param changes       what has changed since the plan, in sentences
 * @param settings      QEMU's settings on this host
 * @param sourceAddress IP address the migration comes from
 * @param reservation   bandwidth to reserve on both hosts at the beginning, or null
 * @param wish          what is to be reserved, and whether that is adapted
 * @param limits        the limits of this host's operator
 * @param destination   the host that the VM goes to, as it was found
 * @param second        chooses the technique by which it may be begun again while it runs
 * @param scatter       on which intermediaries its pages wait; null if they go directly
 */
public record PreparedMigration(
        MigrationRequest request,
        MigrationCase migrationCase,
        MigrationDecision decision,
        List<String> changes,
        QemuSettings settings,
        String sourceAddress,
        Bandwidth reservation,
        ReservationWish wish,
        MigrationLimits limits,
        HostStatus destination,
        SecondChoice second,
        ScatterOrder scatter) {

    private static final Logger LOG = LoggerFactory.getLogger(PreparedMigration.class);

    /** A decision that is older is made anew: by then the VM may do something else. */
    private static final Duration PLAN_HOLDS = Duration.ofMinutes(10);

    /** Profiles the VM. */
    @FunctionalInterface
    public interface ProfileSource {
        /** The profile. */
        VmProfile profile() throws IOException, InterruptedException;
    }

    /**
     * Profiles the VM, both hosts and the link between them, and decides, which takes some seconds; for a planned migration it checks
     * what has changed instead. A VM of which nothing can be measured is migrated by plain pre-copy.
     */
    public static PreparedMigration make(MigrationRequest request, Vm vm, MigrationParts parts)
            throws IOException, InterruptedException {
        return make(
                request,
                Set.of(),
                ReservationWish.of(request, ReservationTerms.DEFAULT),
                /* copiesDisks= */ true,
                () -> profile(vm, parts),
                vm,
                parts);
    }

    private static VmProfile profile(Vm vm, MigrationParts parts) throws InterruptedException {
        try {
            return parts.profiles().anew(vm, VmProfileCache.WHOLE_PROFILE);
        } catch (IOException e) {
            LOG.warn("The technique for VM '{}' is chosen without a profile: {}", vm.name(), e.getMessage());
            return VmProfile.unmeasured(vm.running().definition());
        }
    }

    /**
     * Prepares a migration.
     *
     * @param excluded    techniques that the server excludes
     * @param reservation what to reserve
     * @param copiesDisks whether the VM's local disks are copied as well
     * @param profiles    profiles the VM
     * @throws Refusal when no technique can run, or what the caller observed is another VM
     */
    public static PreparedMigration make(
            MigrationRequest request,
            Set<Technique> excluded,
            ReservationWish reservation,
            boolean copiesDisks,
            ProfileSource profiles,
            Vm vm,
            MigrationParts parts)
            throws IOException, InterruptedException {
        HostStatus there = parts.peers()
                .apply(request.destination())
                .hostTowards(parts.host().get().migrationAddress());
        HostStatus here = parts.host().towards(there.migrationAddress());
        boolean planned = stillHolds(request, Instant.now());
        Observation observed = observed(request, planned, profiles, here, there, vm);
        ScatterOrder scatter = scatter(request, parts, there);
        MigrationDecider.Candidates candidates = MigrationDecider.candidates(
                new Situation(
                        observed.vm(),
                        observed.source(),
                        observed.destination(),
                        RoundTrip.millis(request.destination()),
                        here.capabilities().limits(),
                        here.capabilities().reservedMemory(),
                        copiesDisks ? vm.limits().diskBytes() : 0,
                        scatter == null
                                ? null
                                : Scattering.over(here.capabilities(), scatter.intermediaries(), scatter.copies())),
                reservation,
                request.timeLimit(),
                request.downtimeLimit());
        PolicySet set = parts.policies().get();
        Optional<SloPolicy> policy = request.policyFrom(set);
        TechniqueAvailability availability = permitted(policy, observed.vm(), here, there, set, vm)
                .without(excluded, "is excluded by godwit:technique of the server or of its flavor");
        if (request.technique() != null) {
            checkAvailable(request.technique(), availability);
        }
        MigrationDecision decision = planned
                ? request.decision()
                : decided(
                        request,
                        policy,
                        candidates,
                        availability,
                        here.capabilities().limits(),
                        parts);
        MigrationDecider.Prepared prepared = candidates.of(decision.technique());
        PermittedChanges changes = new PermittedChanges(request, policy, availability, parts.predictor());
        MigrationCase migrationCase = UncopiedPages.where(
                parts.zeroCopy(),
                changes.withFallback(decision.technique(), prepared.migrationCase()),
                decision.technique(),
                here.capabilities(),
                there.capabilities(),
                vm);
        return new PreparedMigration(
                request,
                migrationCase,
                decision,
                planned
                        ? WorldChange.between(
                                observed.source(), observed.destination(), here.applications(), there.applications())
                        : List.of(),
                QemuSettings.of(decision.technique(), migrationCase.tuning()),
                here.migrationAddress(),
                prepared.reservation().orElse(null),
                reservation,
                here.capabilities().limits(),
                there,
                changes.secondChoice(decision.technique(), candidates),
                decision.technique().traits().scattering() ? scatter : null);
    }

    /** Null where the hosts share no intermediaries and the request names none. */
    private static ScatterOrder scatter(MigrationRequest request, MigrationParts parts, HostStatus there) {
        List<String> others = there.capabilities().intermediaryNames();
        return request.scatter() == null
                        && Collections.disjoint(parts.intermediaries().names(), others)
                ? null
                : parts.intermediaries().order(request.scatter(), others);
    }

    private static TechniqueAvailability permitted(
            Optional<SloPolicy> policy, VmProfile profile, HostStatus here, HostStatus there, PolicySet set, Vm vm) {
        return policy.map(SloPolicy::constraint)
                .orElse(TechniqueConstraint.NONE)
                .of(PermittedTechniques.between(
                        VmTechniques.available(vm, profile, here, there), here, there, set, vm.project()));
    }

    /**
     * Why the technique must not be used any more, as the rest of a sentence, or nothing if it may. The decision may have waited for hours,
     * in which the operator forbids techniques, a link drops, or libvirt refuses one. The destination is not asked again.
     */
    public Optional<String> obstacle(Vm vm, MigrationParts parts) {
        PolicySet set = parts.policies().get();
        return Optional.ofNullable(permitted(
                        request.policyFrom(set),
                        migrationCase.vm(),
                        parts.host().get(),
                        destination,
                        set,
                        vm)
                .unavailable()
                .get(decision.technique()));
    }

    /**
     * What may be changed about it while it runs. The downtime limit stays where the request itself sets it.
     *
     * @param set      the policies of this host
     * @param throttle whether the throttle of a migration that runs can be raised
     */
    public MigrationWatch watch(PolicySet set, boolean throttle) {
        MigrationTuning tuning = migrationCase.tuning();
        return new MigrationWatch(
                request.downtimeLimit() != null
                        ? DowntimeRamp.NONE
                        : DowntimeRamp.of(decision.technique(), request.policyFrom(set), limits),
                tuning.postcopyFallback(),
                throttle && decision.technique().traits().throttle() == Throttle.AUTO_CONVERGE
                        ? tuning.throttleIncrement()
                        : 0,
                tuning.timeLimit(),
                second);
    }

    /** The same, but not to be switched to post-copy while it runs. */
    public PreparedMigration withoutFallback() {
        MigrationTuning tuning = migrationCase.tuning();
        return !tuning.postcopyFallback()
                ? this
                : new PreparedMigration(
                        request,
                        migrationCase.withTuning(tuning.withPostcopyFallback(false)),
                        decision,
                        changes,
                        settings,
                        sourceAddress,
                        reservation,
                        wish,
                        limits,
                        destination,
                        second,
                        scatter);
    }

    /** The same migration as somebody else runs it, with nothing reserved, and never begun again. */
    public PreparedMigration instead(MigrationCase other, MigrationDecision ran) {
        return new PreparedMigration(
                request,
                other,
                ran,
                changes,
                QemuSettings.of(ran.technique(), other.tuning()),
                sourceAddress,
                null,
                wish,
                limits,
                destination,
                SecondChoice.NONE,
                null);
    }

    /** The same migration by another technique, after the first was cancelled. It is not begun again a second time. */
    public PreparedMigration begunAgain(SecondAttempt attempt) {
        Choice choice = attempt.choice();
        MigrationCase again = attempt.prepared().migrationCase();
        return new PreparedMigration(
                request,
                again,
                new MigrationDecision(
                        choice.technique(),
                        choice.prediction(),
                        choice.reason(),
                        MigrationDecision.alternatives(choice),
                        Instant.now(),
                        choice.policy().version()),
                changes,
                QemuSettings.of(choice.technique(), again.tuning()),
                sourceAddress,
                attempt.prepared().reservation().orElse(null),
                wish,
                limits,
                destination,
                SecondChoice.NONE,
                null);
    }

    /** Whether it switches to post-copy, or may be switched while it runs. */
    public boolean mayUsePostcopy() {
        return decision.technique().isPostCopy() || migrationCase.tuning().postcopyFallback();
    }

    /** A plan that waited too long was made in another world. */
    private static boolean stillHolds(MigrationRequest request, Instant now) {
        return request.decision() != null && request.decision().madeAt().isAfter(now.minus(PLAN_HOLDS));
    }

    /** What the caller observed, or what is found now where it observed nothing or too long ago. */
    private static Observation observed(
            MigrationRequest request, boolean planned, ProfileSource profiles, HostStatus here, HostStatus there, Vm vm)
            throws IOException, InterruptedException {
        boolean outdated = request.decision() != null && !planned;
        return request.observed() == null || outdated
                ? new Observation(profiles.profile(), here.profile(), there.profile())
                : checked(request.observed(), vm.running().definition());
    }

    /** Predicts the technique that the caller gave, or chooses one by the policy. */
    private static MigrationDecision decided(
            MigrationRequest request,
            Optional<SloPolicy> policy,
            MigrationDecider.Candidates candidates,
            TechniqueAvailability availability,
            MigrationLimits limits,
            MigrationParts parts) {
        String caveats = candidates.unreserved().vm().caveats() + limits.caveats();
        if (request.technique() != null) {
            return new MigrationDecision(
                    request.technique(),
                    parts.predictor().predict(candidates.of(request.technique()).migrationCase(), request.technique()),
                    reasonOf(request) + caveats,
                    request.decision() == null ? List.of() : request.decision().alternatives(),
                    Instant.now(),
                    request.decision() == null
                            ? policy.map(SloPolicy::version).orElse(null)
                            : request.decision().policyVersion());
        }
        try {
            Choice choice =
                    new MigrationDecider(parts.predictor()).decide(candidates, availability, policy.orElseThrow());
            return new MigrationDecision(
                    choice.technique(),
                    choice.prediction(),
                    choice.reason() + noteOf(candidates, choice.technique()) + caveats,
                    MigrationDecision.alternatives(choice),
                    Instant.now(),
                    choice.policy().version());
        } catch (NoTechniqueException e) {
            throw Refusal.conflict(e.getMessage());
        }
    }

    /** What is reserved and why, with a leading space; empty if the caller asked for it. */
    private static String noteOf(MigrationDecider.Candidates candidates, Technique technique) {
        String note = candidates.note(technique, Optional.empty());
        return note.isEmpty() ? "" : " " + note;
    }

    private static String reasonOf(MigrationRequest request) {
        return request.decision() == null
                ? "It was requested."
                : "%s The plan is of %s: the VM was profiled and the cost predicted anew."
                        .formatted(
                                request.decision().reason(), request.decision().madeAt());
    }

    /**
     * Passes a technique that can run.
     *
     * @throws Refusal when the two hosts cannot run the technique for this VM
     */
    static void checkAvailable(Technique technique, TechniqueAvailability availability) {
        String obstacle = availability.unavailable().get(technique);
        if (obstacle != null) {
            throw Refusal.conflict("%s is not available: %s. Available are %s."
                    .formatted(technique, obstacle, availability.available()));
        }
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

    /** How the reservation is adapted while the VM migrates; empty if it stays as it is. */
    public Optional<RateRule> rateRule() {
        return wish.adaptation(migrationCase.link(), migrationCase.tuning(), decision.technique());
    }

    /** What the destination has to prepare. */
    public IncomingRequest incoming(String migrationId, Vm vm) {
        return new IncomingRequest(
                migrationId,
                vm.running().definition(),
                decision.technique(),
                migrationCase.tuning(),
                sourceAddress,
                reservation,
                scatter);
    }
}
