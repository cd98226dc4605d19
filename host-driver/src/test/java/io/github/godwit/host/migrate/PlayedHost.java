package io.github.godwit.host.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.godwit.host.WritingVm;
import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.nova.NovaMigrationAdvisor;
import io.github.godwit.host.nova.OperatorRules;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Everything around a {@link NovaMigrationAdvisor}: a VM, libvirt's jobs, traffic control, and another host driver over HTTP. */
public final class PlayedHost implements AutoCloseable {

    public static final String VM = "0793895c-c6ba-45a8-bfa6-702f1057d822";

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Version LIBVIRT = new Version(11, 3, 0);
    private static final Version QEMU = new Version(10, 0, 2);

    private final HttpServer peer;
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final VmStates states = new VmStates();
    private final VmProfileCache profiles = new VmProfileCache(this::profile, states);
    private volatile Consumer<JobEvent> listener = event -> {};
    private volatile boolean aborted;
    private volatile CountDownLatch looking = new CountDownLatch(0);
    private volatile Traffic traffic = Traffic.NONE;
    private volatile Predictor predictor = new AnalyticPredictor();
    private final AtomicInteger profiled = new AtomicInteger();
    private volatile VmProfile profile = WritingVm.named(VM);
    private volatile UnaryOperator<HostCapabilities> capabilities = UnaryOperator.identity();
    private volatile OperatorRules rules = new OperatorRules("here", Path.of("no-such-file"), true);

    public PlayedHost() throws IOException {
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/there/v1/host", exchange -> answer(exchange, status("there")));
        peer.createContext("/there/v1/incoming", this::incoming);
        peer.start();
    }

    private void incoming(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().endsWith("/v1/incoming")) {
            open.add("there");
            answer(exchange, new IncomingTicket("m", "127.0.0.1", 49_152, ""));
        } else {
            open.remove("there");
            answer(exchange, Heartbeats.NONE);
        }
    }

    private static void answer(HttpExchange exchange, Object body) throws IOException {
        byte[] bytes = WireJson.strictMapper().writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private HostStatus status(String name) {
        HostProfile profile =
                new HostProfile(name, 4, 0.1, MemorySize.parse("8G"), 0.1, Bandwidth.parse("1gbit"), traffic);
        return new HostStatus(
                profile,
                capabilities.apply(new HostCapabilities(name, QEMU, LIBVIRT, Map.of())),
                "127.0.0.1",
                new ReservationSupport(true, ""),
                "test",
                Recalibration.NONE);
    }

    /** One that is not in the hurry of nova-compute. */
    public NovaMigrationAdvisor desk() {
        return desk(LONG);
    }

    public NovaMigrationAdvisor desk(Duration quickLook) {
        MigrationParts parts = new MigrationParts(
                vms(),
                () -> status("here"),
                HostDriverClient.sharing(null, HostDriverTimeouts.DEFAULT),
                profiles,
                this::predict,
                SloPolicies.shipped(),
                trafficControl(),
                outcome -> {});
        return new NovaMigrationAdvisor(
                parts,
                jobs(),
                LIBVIRT,
                new NovaMigrationAdvisor.Terms(peer("{host}"), "ensure_performance", ReservationTerms.DEFAULT),
                new NovaMigrationAdvisor.Patience(LONG, quickLook, LONG, LONG),
                rules);
    }

    /** Every host's driver is the one that is played. */
    private String peer(String host) {
        return "http://127.0.0.1:%d/%s".formatted(peer.getAddress().getPort(), host);
    }

    public URI peer() {
        return URI.create(peer("there"));
    }

    private VmProfile profile(RunningVm vm, Monitor monitor, Duration patience, Consumer<VmProfile> early)
            throws InterruptedException {
        looking.await();
        profiled.incrementAndGet();
        return profile;
    }

    private Prediction predict(MigrationCase migrationCase, Technique technique) {
        return predictor.predict(migrationCase, technique);
    }

    private static VmList vms() {
        Vm vm = new PlayedVm(
                new RunningVm(WritingVm.definition(VM), ProcessHandle.current().pid(), Path.of("/")));
        return new VmList() {
            @Override
            public Optional<Vm> find(String name) {
                return Optional.of(vm).filter(each -> each.name().equals(name));
            }

            @Override
            public List<Vm> all() {
                return List.of(vm);
            }
        };
    }

    private record PlayedVm(RunningVm running) implements Vm {
        @Override
        public HeartbeatSource heartbeats() {
            throw new UnsupportedOperationException("nobody listens to Nova's guests");
        }

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public Monitor monitor() {
            return new Monitor() {
                @Override
                public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout)
                        throws QmpException {
                    throw new QmpException("no monitor is needed", true, null);
                }

                @Override
                public MonitorPace pace() {
                    return new MonitorPace();
                }
            };
        }

        @Override
        public Optional<String> migration() {
            return Optional.empty();
        }
    }

    private TrafficControl trafficControl() {
        return new TrafficControl() {
            @Override
            public ReservationSupport support() {
                return new ReservationSupport(true, "");
            }

            @Override
            public Reservation reserve(Flow flow, Bandwidth rate) {
                open.add("here");
                return new Reservation() {
                    @Override
                    public Bandwidth rate() {
                        return rate;
                    }

                    @Override
                    public void adjust(Bandwidth other) {
                        throw new UnsupportedOperationException("nobody adjusts");
                    }

                    @Override
                    public void close() {
                        open.remove("here");
                    }
                };
            }

            @Override
            public void close() {}
        };
    }

    private DomainJobs jobs() {
        return new DomainJobs() {
            @Override
            public Runnable listen(String uuid, Consumer<JobEvent> heard) {
                listener = heard;
                return () -> listener = event -> {};
            }

            @Override
            public Optional<JobStats> stats(String uuid) {
                return Optional.empty();
            }

            @Override
            public void abort(String uuid) {
                aborted = true;
            }
        };
    }

    public static JobStats stats(long elapsed, long downtime) {
        return new JobStats(
                Map.of("operation", 5L, "time_elapsed", elapsed, "downtime", downtime, "data_processed", 1L));
    }

    public void tell(JobEvent event) {
        listener.accept(event);
    }

    /** Where bandwidth is kept. */
    public Set<String> open() {
        return Set.copyOf(open);
    }

    public boolean aborted() {
        return aborted;
    }

    /** How often the VM was profiled. */
    public int profiled() {
        return profiled.get();
    }

    /** The VM and both hosts, as a planner saw them. */
    public Observation observed() {
        return new Observation(
                profile, status("here").profile(), status("there").profile());
    }

    /** Has nobody know what VMs do until {@link #endLooks()}. */
    public void holdLooks() {
        looking = new CountDownLatch(1);
    }

    public void endLooks() {
        looking.countDown();
    }

    /** Has it not be known how much the VM writes. */
    public void loseWrites() {
        profile = WritingVm.known(VM, Map.of(ProfilePart.CONTENT, 0L, ProfilePart.VCPU_USE, 0L));
    }

    /** Has something else be predicted. */
    public void predictBy(Predictor other) {
        predictor = other;
    }

    /** Has the operator's rules hold, in the next {@link #desk()}; without them everything is permitted. */
    public void obey(OperatorRules other) {
        rules = other;
        capabilities = software -> software.host().equals("here") ? other.applyTo(software) : software;
    }

    public void busyLink() {
        traffic = new Traffic(Bandwidth.parse("600mbit"), Bandwidth.parse("600mbit"));
    }

    public void noPeer() {
        peer.stop(0);
    }

    /** Waits until there is something; what is waited for tells nobody when it comes. */
    public <T> T await(Supplier<T> wanted) throws InterruptedException {
        T found = wanted.get();
        while (found == null) {
            TimeUnit.MILLISECONDS.sleep(5);
            found = wanted.get();
        }
        return found;
    }

    @Override
    public void close() {
        endLooks();
        profiles.close();
        states.close();
        peer.stop(0);
    }
}
