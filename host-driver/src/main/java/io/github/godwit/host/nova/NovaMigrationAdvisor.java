package io.github.godwit.host.nova;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Wishes;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.ServerConstraint;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.unit.Version;
import java.net.URI;
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
 * what the flavor allows ({@link ServerConstraint}).
 *
 * <p>What nova.conf does not permit is not advised ({@link OperatorRules}).
 */
public final class NovaMigrationAdvisor implements Function<NovaMessage, MigrationAdvice>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NovaMigrationAdvisor.class);

    /** {@code VIR_MIGRATE_TUNNELLED}: the data goes through both libvirt daemons, where no technique is possible. */
    private static final long TUNNELLED = 4;

    /**
     * How unplanned migrations are decided.
     *
     * @param peers  URL of the host driver of a host, with {@code {host}} in place of its name
     * @param policy the policy to choose by where the server names none
     * @param terms  how much bandwidth is reserved for them
     */
    public record Terms(String peers, String policy, ReservationTerms terms) {

        /** Stands for the host's name. */
        public static final String HOST = "{host}";

        /**
         * Checks the URL.
         *
         * @throws IllegalArgumentException when the URL has no place for the host's name
         */
        public Terms {
            if (!peers.contains(HOST)) {
                throw new IllegalArgumentException(
                        "The --peers URL '%s' needs {host} in place of the host's name, for example http://{host}:9622."
                                .formatted(peers));
            }
        }

        URI peer(String host) {
            return URI.create(peers.replace(HOST, host));
        }
    }

    /**
     * Time limits.
     *
     * @param answer       for the whole answer to nova-compute
     * @param quickProfile of that, for profiling the VM; after it an older profile is used where there is one
     * @param reserve      of that, at most, for the destination's host driver
     * @param wholeProfile for profiling the VM while nova-compute does not wait yet
     */
    public record Patience(Duration answer, Duration quickProfile, Duration reserve, Duration wholeProfile) {

        /** nova-compute waits for two seconds; profiling takes two to three, more on a busy host. */
        public static final Patience DEFAULT = new Patience(
                Duration.ofMillis(1_700),
                Duration.ofMillis(900),
                Duration.ofMillis(1_500),
                VmProfileCache.WHOLE_PROFILE);
    }

    private final Terms terms;
    private final Patience patience;
    private final VmList vms;
    private final VmProfileCache profiles;
    private final MigrationService migrations;
    private final Supplier<PolicySet> policies;
    private final OperatorRules rules;
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
     */
    public NovaMigrationAdvisor(
            MigrationParts parts,
            DomainJobs jobs,
            Version libvirt,
            Terms terms,
            Patience patience,
            OperatorRules rules) {
        this.terms = terms;
        this.patience = patience;
        this.rules = rules;
        this.policies = parts.policies();
        this.vms = parts.vms();
        this.profiles = parts.profiles();
        this.migrations = new MigrationService(parts, (request, vm) -> {
            PendingNovaMigration pending = pending(request, vm);
            return new NovaMigrationDriver(
                    parts, jobs, libvirt, pending, () -> forget(vm.name(), pending), patience.reserve());
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
                        link -> Optional.ofNullable(request.reservation()),
                        patience.wholeProfile(),
                        Optional.empty())));
    }

    private void forget(String vm, PendingNovaMigration pending) {
        pendingMigrations.remove(vm, pending);
    }

    /** {@inheritDoc} Returns null where nova-compute waits for no answer. */
    @Override
    public MigrationAdvice apply(NovaMessage message) {
        List<String> errors = rules.receive(message.configuration());
        rules.silence().ifPresent(this::withdrawWaiting);
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
                MigrationAdvice answer = answer(message);
                LOG.info(
                        "VM {} goes to {} by {}: {}",
                        message.vm(),
                        message.destination(),
                        answer.technique() == null ? "Nova's own flags" : answer.technique(),
                        answer.reason());
                return answer;
            }
            default -> {
                PendingNovaMigration pending = pendingMigrations.get(message.vm());
                if (pending != null) {
                    pending.tell(new FromNova(message));
                }
                return null;
            }
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

    private MigrationAdvice answer(NovaMessage message) {
        ServerConstraint server = ServerConstraint.of(message.flavorTechnique(), message.technique());
        server.warnings().forEach(warning -> LOG.warn("VM {}: {}", message.vm(), warning));
        TechniqueConstraint constraint = server.constraint();
        Optional<String> obstacle = rules.silence().or(() -> obstacle(message, constraint));
        if (obstacle.isEmpty()) {
            return pending(message, constraint).ask(message, patience.answer());
        }
        PendingNovaMigration planned = pendingMigrations.get(message.vm());
        if (planned != null) {
            withdraw(message.vm(), planned, obstacle.get());
        }
        return MigrationAdvice.own(obstacle.get());
    }

    private void withdraw(String vm, PendingNovaMigration planned, String reason) {
        migrations.withdraw(vm, reason);
        forget(vm, planned);
    }

    private static Optional<String> obstacle(NovaMessage message, TechniqueConstraint constraint) {
        if (constraint.nova()) {
            return Optional.of("%s of the server or of its flavor leaves the migration to Nova."
                    .formatted(TechniqueConstraint.KEY));
        }
        if (constraint.pinned() != null && !constraint.allows(constraint.pinned())) {
            return Optional.of("%s of the server excludes %s, the only technique that its flavor allows."
                    .formatted(TechniqueConstraint.KEY, constraint.pinned()));
        }
        if (message.destination() == null || message.destination().isBlank()) {
            return Optional.of("Nova does not name the destination.");
        }
        return (message.flags() & TUNNELLED) != 0
                ? Optional.of("Nova tunnels migrations through libvirt, where no technique can be chosen.")
                : Optional.empty();
    }

    /** The migration that waits for Nova, or a new one. */
    private PendingNovaMigration pending(NovaMessage message, TechniqueConstraint constraint) {
        PendingNovaMigration known = pendingMigrations.get(message.vm());
        if (known != null) {
            Optional<String> planned = migrations.destinationOf(message.vm());
            if (planned.isEmpty() || planned.get().equals(message.destination())) {
                return known;
            }
            withdraw(message.vm(), known, "Nova moves the VM to %s instead".formatted(message.destination()));
        }
        PendingNovaMigration fresh = new PendingNovaMigration(new Wishes(
                constraint.excluded(),
                terms.terms()::reserve,
                patience.quickProfile(),
                Optional.of(LibvirtSettings.techniqueOf(message.flags()))));
        PendingNovaMigration other = pendingMigrations.putIfAbsent(message.vm(), fresh);
        if (other != null) {
            return other;
        }
        String policy = policy(message);
        UUID id = message.migration() == null ? null : UUID.fromString(message.migration());
        URI destination = terms.peer(message.destination());
        threads.execute(() -> start(
                new MigrationRequest(
                        message.vm(), destination, constraint.pinned(), policy, null, null, null, null, null, id),
                fresh));
        return fresh;
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
            pending.answer(MigrationAdvice.own(e.getMessage()));
            forget(request.vm(), pending);
        }
    }

    /** Ends the waiting; running migrations continue in libvirt, watched by Nova. */
    @Override
    public void close() {
        threads.shutdownNow();
        migrations.close();
    }
}
