package io.github.godwit.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.access.AccessFiles;
import io.github.godwit.host.driver.HostDriver;
import io.github.godwit.host.driver.HostDriverConfig;
import io.github.godwit.host.driver.HostDriverParts;
import io.github.godwit.host.load.NetworkLoad;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.net.NoTrafficControl;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.profile.MonotonicClock;
import io.github.godwit.host.profile.QemuVmProfiler;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.profile.rules.ProfilingRules;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.scatter.Intermediaries;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.ZeroCopySend;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The memory that a host driver needs when all VMs of a host are evacuated at once: a real host driver with its REST API, whose profiler
 * profiles 40 VMs of 16 GiB. The files of their QEMUs in {@code /proc} are played. Prints the resident memory; fails above 200 MB.
 */
final class EvacuationBenchmark {

    private static final int VMS = 40;
    private static final long GUEST_BYTES = 16L << 30;
    private static final int ALLOCATED_BYTES = 64 << 20;
    private static final int FIRST_PID = 1_000_000;
    private static final long MOST_RESIDENT_KIB = 200_000_000 / 1024;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private EvacuationBenchmark() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Path proc = Files.createDirectories(directory.resolve("proc"));
        play(directory, proc);
        MonotonicClock clock = new MonotonicClock(Clock.systemUTC());
        ExecutorService callers = Executors.newFixedThreadPool(VMS);
        try (HostDriver hostDriver = HostDriver.start(config(directory), parts(clock));
                VmStates states = new VmStates();
                VmProfileCache profiles = new VmProfileCache(
                        new QemuVmProfiler(proc, 1, clock, vm -> Optional.empty(), vm -> Traffic.NONE), states)) {
            System.out.printf("Before: %d MB%n", kib("VmRSS:") * 1024 / 1_000_000);
            long start = System.nanoTime();
            List<CompletableFuture<VmProfile>> evacuated = new ArrayList<>();
            for (Vm vm : vms()) {
                evacuated.add(CompletableFuture.supplyAsync(() -> profile(profiles, vm), callers));
                ask(hostDriver.port());
            }
            int missing = 0;
            for (CompletableFuture<VmProfile> each : evacuated) {
                missing += each.get().missing().isEmpty() ? 0 : 1;
            }
            ask(hostDriver.port());
            System.out.printf(
                    "%d VMs profiled in %.1f s, %d of them incompletely%nPeak: %d MB, now %d MB%n",
                    VMS,
                    (System.nanoTime() - start) / 1e9,
                    missing,
                    kib("VmHWM:") * 1024 / 1_000_000,
                    kib("VmRSS:") * 1024 / 1_000_000);
        }
        callers.shutdownNow();
        System.exit(kib("VmHWM:") <= MOST_RESIDENT_KIB ? 0 : 1);
    }

    private static VmProfile profile(VmProfileCache profiles, Vm vm) {
        try {
            return profiles.of(vm, PATIENCE);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ask(int port) throws IOException, InterruptedException, ExecutionException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/host".formatted(port)))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("GET /v1/host answers " + answer.statusCode());
        }
    }

    private static List<Vm> vms() {
        List<Vm> vms = new ArrayList<>();
        for (int i = 0; i < VMS; i++) {
            VmDefinition definition =
                    new VmDefinition("vm" + i, new MemorySize(GUEST_BYTES), 1, "none", "", Accelerator.KVM, 0);
            vms.add(new PlayedVm(
                    new RunningVm(definition, FIRST_PID + i, Path.of("/nowhere")), new PlayedMonitor(FIRST_PID + i)));
        }
        return vms;
    }

    /** A VM without heartbeats. */
    private record PlayedVm(RunningVm running, Monitor monitor) implements Vm {

        @Override
        public HeartbeatSource heartbeats() {
            throw new UnsupportedOperationException("The guest has no heartbeat.");
        }

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public Optional<String> migration() {
            return Optional.empty();
        }
    }

    /** A QEMU that measures dirty rates in no time. */
    private record PlayedMonitor(long pid, MonitorPace pace, ObjectMapper json) implements Monitor {

        PlayedMonitor(long pid) {
            this(pid, new MonitorPace(), new ObjectMapper());
        }

        @Override
        public JsonNode execute(String command, Map<String, ?> given, Duration timeout) {
            return switch (command) {
                case "query-cpus-fast" ->
                    json.createArrayNode().add(json.createObjectNode().put("thread-id", pid));
                case "x-query-ramblock" ->
                    json.createObjectNode()
                            .put(
                                    "human-readable-text",
                                    " pc.ram 4 KiB 0x0 0x%x 0x%x 0x0 rw%n".formatted(GUEST_BYTES, GUEST_BYTES));
                case "query-dirty-rate" ->
                    json.createObjectNode()
                            .put("status", "measured")
                            .put("dirty-rate", 10)
                            .put("calc-time", 100);
                default -> json.createObjectNode();
            };
        }
    }

    /** All QEMUs share one page map, in which every page is present, and one memory. */
    private static void play(Path directory, Path proc) throws IOException {
        Path pagemap = directory.resolve("pagemap");
        ByteBuffer entries = ByteBuffer.allocate(1 << 20).order(ByteOrder.nativeOrder());
        while (entries.hasRemaining()) {
            entries.putLong(1L << 63);
        }
        try (RandomAccessFile file = new RandomAccessFile(pagemap.toFile(), "rw")) {
            for (long bytes = 0;
                    bytes < GUEST_BYTES / MemorySize.PAGE_BYTES * Long.BYTES;
                    bytes += entries.capacity()) {
                file.write(entries.array());
            }
        }
        byte[] content = new byte[ALLOCATED_BYTES / 64];
        Random random = new Random(1);
        Path memory = directory.resolve("mem");
        try (RandomAccessFile file = new RandomAccessFile(memory.toFile(), "rw")) {
            file.setLength(GUEST_BYTES);
            for (int i = 0; i < 64; i++) {
                random.nextBytes(content);
                file.seek(i * (GUEST_BYTES / 64));
                file.write(content);
            }
        }
        for (int i = 0; i < VMS; i++) {
            Path process = proc.resolve(Integer.toString(FIRST_PID + i));
            Path thread = Files.createDirectories(process.resolve("task/" + (FIRST_PID + i)));
            Files.createLink(process.resolve("pagemap"), pagemap);
            Files.createLink(process.resolve("mem"), memory);
            Files.writeString(process.resolve("statm"), "4194304 4194304 0 0 0 0 0\n");
            Files.writeString(thread.resolve("schedstat"), "1000000000 0 0\n");
        }
    }

    private static HostDriverConfig config(Path directory) {
        return new HostDriverConfig(
                "bench",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                directory.resolve("state"),
                directory,
                new HostDriverConfig.Network(
                        Optional.empty(), Optional.of(Bandwidth.parse("10gbit")), false, PortRange.LIBVIRT),
                "127.0.0.1",
                AccessFiles.NONE,
                "qemu-system-x86_64",
                HostDriverConfig.LoadSource.PROC,
                8,
                MemorySize.parse("768G"),
                Optional.empty(),
                Optional.empty(),
                ProfilingRules.DEFAULT,
                RecoveryTerms.DEFAULT,
                ZeroCopySend.NEVER,
                Intermediaries.NONE);
    }

    private static HostDriverParts parts(MonotonicClock clock) {
        return new HostDriverParts(
                vms -> new QemuVmProfiler(Path.of("/proc"), 1, clock, vm -> Optional.empty(), vm -> Traffic.NONE),
                vm -> {
                    throw new IllegalStateException("no VM is started");
                },
                new NoTrafficControl("the benchmark has no NIC"),
                NetworkLoad.idle(Bandwidth.parse("10gbit")),
                ShippedModel.predictor(),
                List.of(),
                () -> {});
    }

    private static long kib(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
