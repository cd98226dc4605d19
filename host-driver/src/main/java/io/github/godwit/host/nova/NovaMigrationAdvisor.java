package io.github.godwit.host.nova;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.common.HostName;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.load.ThisHost;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.migrate.rate.ReservationWish;
import io.github.godwit.host.nova.PendingNovaMigration.Answer;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Wishes;
import io.github.godwit.host.nova.permit.OperatorRules;
import io.github.godwit.host.nova.permit.TechniqueRefusals;
import io.github.godwit.host.nova.reserve.PeerPace;
import io.github.godwit.host.nova.reserve.PortRefusals;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Advises nova-compute how to migrate a server. What an action plan has decided waits here until Nova asks; an unplanned migration,
 * such as an operator's {@code openstack server migrate --live-migration}, is decided on the spot.
 *
 * <p>A server's metadata and its flavor's extra specs pin a technique ({@code godwit:technique=POST}), exclude some
 * ({@code !POST,!PRE-POST}), leave it to Nova ({@code nova}), and name the policy ({@code godwit:policy}). The metadata can only narrow
 * what the flavor allows ({@link NovaQuestion}).
 *
 * <p>What nova.conf does not permit is not advised ({@link OperatorRules}). Where Godwit only observes, Nova's own flags are the answer, and the
 * migration is followed and recorded with the decision ({@link ObservedMigration}).
 */
public final class NovaMigrationAdvisor implements Function<NovaMessage, MigrationAdvice>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NovaMigrationAdvisor.class);

    /** How long nova-compute waits for the answer to a refusal, less what it takes to send it. */
    private static final Duration TO_TAKE_BACK = Duration.ofMillis(1_500);

    private final UnplannedTerms terms;
    private final ThisHost host;
    private final NovaPatience patience;
    private final VmList vms;
    private final VmProfileCache profiles;
    private final MigrationService migrations;
    private final Supplier<PolicySet> policies;
    private final OperatorRules rules;
    private final HostMetrics metrics;
    private final NovaRecovery recovery;
    private final Map<String, PendingNovaMigration> pendingMigrations = new ConcurrentHashMap<>();
    private final ExecutorService threads = DaemonThreads.cached("nova-advisor");

    /**
     * Answers for one host.
     *
     * @param parts    what migrations work with
     * @param jobs     libvirt's migration jobs
     * @param libvirt  version of this host's libvirt
     * @param terms    how unplanned migrations are decided
     * @param patience time limits
     * @param rules    what this host's operator permits; they are part of the capabilities that the host of {@code parts} reports
     * @param refusals what libvirt refused; they are part of what the host of {@code parts} reports
     * @param ports    destinations without ports for single migrations; they are part of that, too
     * @param metrics  counts answers and refusals
     * @param recovery recovers post-copies whose connection broke
     */
    public NovaMigrationAdvisor(
            MigrationParts parts,
            DomainJobs jobs,
            Version libvirt,
            UnplannedTerms terms,
            NovaPatience patience,
            OperatorRules rules,
            TechniqueRefusals refusals,
            PortRefusals ports,
            HostMetrics metrics,
            NovaRecovery recovery) {
        this.recovery = recovery;
        this.terms = terms;
        this.host = parts.host();
        this.patience = patience;
        this.rules = rules;
        this.metrics = metrics;
        NovaMigrationDriver.Surroundings surroundings = new NovaMigrationDriver.Surroundings(
                refusals, new PeerPace(), patience.reserve(), metrics, rules, ports, recovery);
        this.policies = parts.policies();
        this.vms = parts.vms();
        this.profiles = parts.profiles();
        this.migrations = new MigrationService(parts, (request, vm) -> {
            PendingNovaMigration pending = pending(request, vm);
            return new NovaMigrationDriver(
                    parts, jobs, libvirt, pending, () -> forget(vm.name(), pending), surroundings);
        });
    }

    /** The migrations; one that is started there waits until Nova asks for it. */
    public MigrationService migrations() {
        return migrations;
    }

    private PendingNovaMigration pending(MigrationRequest request, Vm vm) {
        return pendingMigrations.computeIfAbsent(
                vm.name(),
                name -> new PendingNovaMigration(new Wishes(
                        Set.of(),
                        ReservationWish.of(request, terms.terms()),
                        /* copiesDisks= */ true, // as far as the plan knows
                        patience.wholeProfile(),
                        Optional.empty())));
    }

    /** Drops what waits for Nova if Godwit is switched off now. */
    public void applyRules() {
        rules.silence().ifPresent(this::withdrawWaiting);
    }

    private void forget(String vm, PendingNovaMigration pending) {
        pendingMigrations.remove(vm, pending);
    }

    /** {@inheritDoc} Returns null where nova-compute waits for no answer. */
    @Override
    public MigrationAdvice apply(NovaMessage message) {
        List<String> errors = rules.receive(message.configuration());
        applyRules();
        switch (message.message()) {
            case CONFIGURATION -> {
                return errors.isEmpty() ? null : MigrationAdvice.own(String.join(" ", errors));
            }
            case NOTICE -> {
                if (rules.silence().isEmpty()) {
                    vms.find(message.vm()).ifPresent(profiles::beginEarly);
                }
                return null;
            }
            case ASK -> {
                return ask(message);
            }
            case STARTED -> {
                started(message);
                tell(message);
                return null;
            }
            case ALIVE -> {
                tell(message);
                return rules.silence()
                        .or(rules::observes)
                        .map(MigrationAdvice::withdraw)
                        .or(() -> Optional.ofNullable(pendingMigrations.get(message.vm()))
                                .flatMap(PendingNovaMigration::postcopyReason)
                                .map(MigrationAdvice::startPostcopy))
                        .orElse(null);
            }
            case REFUSED -> {
                return Optional.ofNullable(pendingMigrations.get(message.vm()))
                        .flatMap(pending -> pending.refused(message, TO_TAKE_BACK))
                        .orElse(null);
            }
            default -> {
                tell(message);
                return null;
            }
        }
    }

    /** Keeps what was ordered of libvirt, so that post-copy can be recovered whoever is alive then. */
    private void started(NovaMessage message) {
        if (message.order() == null
                || message.destination() == null
                || rules.observes().isPresent()) {
            return;
        }
        try {
            recovery.follow(message.vm(), message.order(), terms.peers().of(message.destination()));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("A post-copy of VM {} cannot be recovered: {}", message.vm(), e.getMessage());
        }
    }

    private void tell(NovaMessage message) {
        PendingNovaMigration pending = pendingMigrations.get(message.vm());
        if (pending != null) {
            pending.tell(new FromNova(message));
        }
    }

    private MigrationAdvice ask(NovaMessage message) {
        long begin = System.nanoTime();
        Answer answer = Answer.failed("");
        try {
            answer = answer(NovaQuestion.of(message));
            if (answer.advice().technique() == null) {
                vms.find(message.vm()).ifPresent(vm -> profiles.settle(vm, Duration.ZERO));
            }
            LOG.info(
                    "VM {} goes to {} by {}: {}",
                    message.vm(),
                    message.destination(),
                    answer.advice().technique() == null
                            ? "Nova's own flags"
                            : answer.advice().technique(),
                    answer.advice().reason());
            return answer.advice();
        } finally {
            metrics.answered(answer.kind(), Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    /** Drops what waits for Nova. What Nova has begun continues. */
    private void withdrawWaiting(String reason) {
        pendingMigrations.forEach((vm, pending) -> {
            if (!pending.isAnswered()) {
                withdraw(vm, pending, reason);
            }
        });
    }

    private Answer answer(NovaQuestion question) {
        String vm = question.message().vm();
        question.warnings().forEach(warning -> LOG.warn("VM {}: {}", vm, warning));
        Optional<String> obstacle = rules.silence().or(question::obstacle);
        if (obstacle.isEmpty()) {
            return pending(question).ask(question.message(), patience.answer());
        }
        PendingNovaMigration planned = pendingMigrations.get(vm);
        if (planned != null) {
            withdraw(vm, planned, obstacle.get());
        }
        return Answer.own(obstacle.get());
    }

    private void withdraw(String vm, PendingNovaMigration planned, String reason) {
        migrations.withdraw(vm, reason);
        forget(vm, planned);
    }

    /** The migration that waits for Nova, or a new one. */
    private PendingNovaMigration pending(NovaQuestion question) {
        NovaMessage message = question.message();
        TechniqueConstraint constraint = question.constraint();
        PendingNovaMigration known = pendingMigrations.get(message.vm());
        if (known != null) {
            Optional<String> planned = migrations.destinationOf(message.vm());
            if (planned.isEmpty() || HostName.same(planned.get(), message.destination())) {
                return known;
            }
            withdraw(message.vm(), known, "Nova moves the VM to %s instead".formatted(message.destination()));
        }
        // Before anything is kept: the message may name no peer, or no valid id.
        MigrationRequest request = MigrationRequest.of(
                        message.vm(), terms.peers().of(message.destination()))
                .technique(constraint.pinned())
                .policy(policy(message))
                .id(message.migration() == null ? null : UUID.fromString(message.migration()))
                .build();
        PendingNovaMigration fresh = new PendingNovaMigration(new Wishes(
                constraint.excluded(),
                question.reservation(terms, staying(message.vm())),
                (message.flags() & LibvirtSettings.COPY_DISKS_BITS) != 0,
                patience.quickProfile(),
                Optional.of(LibvirtSettings.techniqueOf(message.flags()))));
        PendingNovaMigration other = pendingMigrations.putIfAbsent(message.vm(), fresh);
        if (other != null) {
            return other;
        }
        threads.execute(() -> start(request, fresh));
        return fresh;
    }

    private StayingVms staying(String leaves) {
        return StayingVms.of(
                vms.all(),
                leaves,
                terms.taps(),
                policies.get().trafficClasses(),
                host.get().profile().link());
    }

    /** The policy of the flavor, or else of the server, or else the usual one. A policy that is unknown here is ignored. */
    private String policy(NovaMessage message) {
        for (String given : Arrays.asList(message.flavorPolicy(), message.policy())) {
            if (given == null || given.isBlank()) {
                continue;
            }
            try {
                return policies.get().policy(given).name();
            } catch (IllegalArgumentException e) {
                LOG.warn("VM {}: godwit:policy is ignored: {}", message.vm(), e.getMessage());
            }
        }
        return terms.policy();
    }

    private void start(MigrationRequest request, PendingNovaMigration pending) {
        try {
            migrations.start(request);
        } catch (Refusal | HostDriverException | IllegalArgumentException e) {
            LOG.warn("VM {} is left to Nova: {}", request.vm(), e.getMessage());
            forget(request.vm(), pending);
            pending.answer(Answer.failed(String.valueOf(e.getMessage())));
        }
    }

    /** Ends the waiting; running migrations continue in libvirt, watched by Nova. */
    @Override
    public void close() {
        threads.shutdownNow();
        migrations.close();
    }
}
