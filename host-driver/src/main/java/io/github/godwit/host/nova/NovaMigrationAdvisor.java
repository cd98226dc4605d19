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
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.unit.Version;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers nova-compute: how a server is to be migrated. What an action plan has decided waits here for Nova; a migration
 * that nobody has planned, such as an operator's {@code openstack server migrate --live-migration}, is decided on the spot.
 *
 * <p>A server's metadata, or its flavor's extra specs, pin a technique ({@code godwit:technique=POST}), exclude some
 * ({@code !POST,!PRE-POST}), leave it to Nova ({@code nova}), and name the policy ({@code godwit:policy}).
 */
public final class NovaMigrationAdvisor implements Function<NovaMessage, MigrationAdvice>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NovaMigrationAdvisor.class);

    /** {@code VIR_MIGRATE_TUNNELLED}: all goes through both libvirt daemons, and no technique is possible. */
    private static final long TUNNELLED = 4;

    /**
     * How migrations that nobody has planned are decided.
     *
     * @param peers  URL of the host driver of a host, with {@code {host}} in place of its name
     * @param policy the policy to choose by where the server names none
     * @param terms  how much bandwidth is kept for them
     */
    public record Terms(String peers, String policy, ReservationTerms terms) {

        /** Stands for the host's name. */
        public static final String HOST = "{host}";

        /**
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
     * How long things may take.
     *
     * @param answer    the whole answer to nova-compute
     * @param quickProfile of that, profiling the VM; an older profile has to do where there is one
     * @param reserve      of that, at most, the destination's host driver
     * @param wholeProfile profiling the VM while nova-compute does not wait yet
     */
    public record Patience(Duration answer, Duration quickProfile, Duration reserve, Duration wholeProfile) {

        /** nova-compute waits for two seconds in all; profiling takes two to three, more on a busy host. */
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
    private final Map<String, PendingNovaMigration> handovers = new ConcurrentHashMap<>();
    private final ExecutorService threads = DaemonThreads.cached("nova-advisor");

    /**
     * @param parts   what migrations work with
     * @param jobs    tells how they get on
     * @param libvirt version of this host's libvirt
     * @param terms   how those that nobody has planned are decided
     * @param patience how long that may take
     */
    public NovaMigrationAdvisor(
            MigrationParts parts, DomainJobs jobs, Version libvirt, Terms terms, Patience patience) {
        this.terms = terms;
        this.patience = patience;
        parts.policies().get(terms.policy());
        this.vms = parts.vms();
        this.profiles = parts.profiles();
        this.migrations = new MigrationService(
                parts,
                (request, vm) ->
                        new NovaMigrationDriver(parts, jobs, libvirt, this, handover(request, vm), patience.reserve()));
    }

    /** The migrations; one that is started there waits for Nova to ask for it. */
    public MigrationService migrations() {
        return migrations;
    }

    private PendingNovaMigration handover(MigrationRequest request, Vm vm) {
        return handovers.computeIfAbsent(
                vm.name(),
                name -> new PendingNovaMigration(new Wishes(
                        Set.of(),
                        link -> Optional.ofNullable(request.reservation()),
                        patience.wholeProfile(),
                        Optional.empty())));
    }

    void forget(String vm, PendingNovaMigration handover) {
        handovers.remove(vm, handover);
    }

    /** {@inheritDoc} Null where nova-compute waits for no answer. */
    @Override
    public MigrationAdvice apply(NovaMessage message) {
        switch (message.message()) {
            case NOTICE -> {
                vms.find(message.vm()).ifPresent(profiles::beginEarly);
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
                PendingNovaMigration handover = handovers.get(message.vm());
                if (handover != null) {
                    handover.tell(new FromNova(message));
                }
                return null;
            }
        }
    }

    private MigrationAdvice answer(NovaMessage message) {
        TechniqueConstraint wish = TechniqueConstraint.parse(message.technique());
        Optional<String> obstacle = obstacle(message, wish);
        if (obstacle.isEmpty()) {
            return handover(message, wish).ask(message, patience.answer());
        }
        PendingNovaMigration planned = handovers.get(message.vm());
        if (planned != null) {
            withdraw(message.vm(), planned, obstacle.get());
        }
        return MigrationAdvice.own(obstacle.get());
    }

    private void withdraw(String vm, PendingNovaMigration planned, String reason) {
        migrations.withdraw(vm, reason);
        forget(vm, planned);
    }

    private static Optional<String> obstacle(NovaMessage message, TechniqueConstraint wish) {
        if (wish.nova()) {
            return Optional.of("The server's %s leaves it to Nova.".formatted(TechniqueConstraint.KEY));
        }
        if (message.destination() == null || message.destination().isBlank()) {
            return Optional.of("Nova does not name the destination.");
        }
        return (message.flags() & TUNNELLED) != 0
                ? Optional.of("Nova tunnels migrations through libvirt, which leaves no choice of technique.")
                : Optional.empty();
    }

    /** That of a migration which waits for Nova, or of a new one. */
    private PendingNovaMigration handover(NovaMessage message, TechniqueConstraint wish) {
        PendingNovaMigration known = handovers.get(message.vm());
        if (known != null) {
            Optional<String> planned = migrations.destinationOf(message.vm());
            if (planned.isEmpty() || planned.get().equals(message.destination())) {
                return known;
            }
            withdraw(message.vm(), known, "Nova moves the VM to %s instead".formatted(message.destination()));
        }
        PendingNovaMigration fresh = new PendingNovaMigration(new Wishes(
                wish.excluded(),
                terms.terms()::reserve,
                patience.quickProfile(),
                Optional.of(LibvirtSettings.techniqueOf(message.flags()))));
        PendingNovaMigration other = handovers.putIfAbsent(message.vm(), fresh);
        if (other != null) {
            return other;
        }
        String policy = message.policy() == null ? terms.policy() : message.policy();
        UUID id = message.migration() == null ? null : UUID.fromString(message.migration());
        URI destination = terms.peer(message.destination());
        threads.execute(() -> start(
                new MigrationRequest(
                        message.vm(), destination, wish.pinned(), policy, null, null, null, null, null, id),
                fresh));
        return fresh;
    }

    private void start(MigrationRequest request, PendingNovaMigration handover) {
        try {
            migrations.start(request);
        } catch (Refusal | HostDriverException | IllegalArgumentException e) {
            LOG.warn("VM {} is left to Nova: {}", request.vm(), e.getMessage());
            handover.answer(MigrationAdvice.own(e.getMessage()));
            forget(request.vm(), handover);
        }
    }

    /** Ends the waiting; migrations that run go on in libvirt, watched by Nova. */
    @Override
    public void close() {
        threads.shutdownNow();
        migrations.close();
    }
}
