package io.github.godwit.lab.experiment.scatter;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.HostDriverLaunch;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LabIntermediary;
import io.github.godwit.lab.net.LinkCut;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.net.NetworkState;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.lab.system.ProcessEnder;
import io.github.godwit.model.unit.Bandwidth;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Causes faults in a lab of two hosts; those of an intermediary hit the second one. Everything that it does ends with the lab. */
final class FaultScene {

    private static final double SLOWED = 0.01;
    private static final int SCAN_COUNT = 1_000;
    private static final Duration DOWN = Duration.ofSeconds(4);

    /** A host driver tries every half minute. */
    private static final Duration REMOVED = Duration.ofSeconds(45);

    private static final Duration POLL = Duration.ofMillis(500);

    private final Lab lab;
    private final Bandwidth link;
    private final double cores;
    private final CommandRunner commands;

    FaultScene(Lab lab, Bandwidth link, double cores, CommandRunner commands) {
        this.lab = lab;
        this.link = link;
        this.cores = cores;
        this.commands = commands;
    }

    LabHost source() {
        return lab.hosts().get(0);
    }

    LabHost destination() {
        return lab.hosts().get(1);
    }

    private LabIntermediary hit() {
        return lab.intermediaries().get(1);
    }

    /** Causes a fault, and waits until a host driver that was killed answers again. */
    void cause(ScatterFault fault) {
        switch (fault) {
            case INTERMEDIARY_DIES -> new ProcessEnder().end(processes(hit().namespace()), Duration.ZERO);
            case INTERMEDIARY_FULL -> full();
            case INTERMEDIARY_HANGS ->
                processes(hit().namespace()).forEach(process -> run("kill", "-STOP", Long.toString(process.pid())));
            case INTERMEDIARY_SLOW ->
                run(LinkShape.withShortQueue(Bandwidth.ofMegabits(SLOWED * link.megabits()))
                        .inbound(lab.name(), hit().name()));
            case INTERMEDIARY_RUBBISH -> overwrite();
            case INTERMEDIARY_UNREACHABLE -> run("ip", "-n", lab.name().wire(), "link", "set", hit().name(), "down");
            case HOST_LINK_CUT -> cut();
            case SOURCE_HOST_DRIVER_KILLED -> restart(source());
            case DESTINATION_HOST_DRIVER_KILLED -> restart(destination());
        }
    }

    private void run(String... command) {
        run(List.of(command));
    }

    private void run(List<String> command) {
        String unused = commands.run(command);
    }

    private List<ProcessIdentity> processes(String namespace) {
        return new NetworkState(commands).processes(namespace);
    }

    private Jedis redis(LabIntermediary intermediary) {
        return new Jedis(
                new HostAndPort(intermediary.address(), LabIntermediary.PORT),
                DefaultJedisClientConfig.builder().password(lab.token()).build());
    }

    private void full() {
        try (Jedis redis = redis(hit())) {
            redis.configSet("maxmemory", "1mb");
        }
    }

    private void overwrite() {
        Random random = new Random(1);
        byte[] rubbish = new byte[SCAN_COUNT];
        try (Jedis redis = redis(hit())) {
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> found = redis.scan(cursor, new ScanParams().count(SCAN_COUNT));
                for (String key : found.getResult()) {
                    random.nextBytes(rubbish);
                    redis.set(key.getBytes(StandardCharsets.UTF_8), rubbish);
                }
                cursor = found.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        }
    }

    private void cut() {
        try (LinkCut link = new LinkCut(lab.name(), destination(), source(), commands)) {
            link.hold(DOWN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("Interrupted while the link is cut", e);
        }
    }

    /** How much is left on the intermediary that was not hit, once nothing is or the time is over. */
    long left() throws InterruptedException {
        long deadline = System.nanoTime() + REMOVED.toNanos();
        try (Jedis redis = redis(lab.intermediaries().get(0))) {
            long left = redis.dbSize();
            while (left > 0 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
                left = redis.dbSize();
            }
            return left;
        }
    }

    private void restart(LabHost host) {
        try {
            new HostDriverLaunch(lab, cores).restart(host, commands);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("Interrupted while the host driver of %s starts".formatted(host.name()), e);
        }
    }
}
