package io.github.godwit.lab.client;

import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.client.ClientReport.Times;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.linux.LinuxWorkload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The client of one guest, a process in the peer's network namespace. Its arguments are workload, address and perhaps rate. It prints
 * {@code ready} when the guest answers, and takes the commands {@code from} and {@code to} (start and end of a migration) and
 * {@code stop} from its standard input; then it prints a {@link ClientReport} as one line of JSON. The end of its input ends it too.
 */
public final class ClientProgram {

    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration RETRY = Duration.ofMillis(20);
    private static final Duration POLL = Duration.ofMillis(10);

    private final LinuxGuest guest;
    private final EchoProbe echo;
    private final Series answers = new Series();
    private final AtomicInteger errors = new AtomicInteger();
    private volatile String lastError = "no error";

    private ClientProgram(LinuxGuest guest) {
        this.guest = guest;
        this.echo = new EchoProbe(guest.address());
    }

    /** Runs the client; the exit code is 0 after a report, 1 if the guest does not answer. */
    public static void main(String[] arguments) throws Exception {
        LinuxGuest guest = new LinuxGuest(
                LinuxWorkload.parse(arguments[0]), arguments[1], arguments.length > 2 ? arguments[2] : "");
        System.exit(new ClientProgram(guest).run() ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        start("echo", echo::run);
        Load load = Load.of(guest);
        if (load != null) {
            start("load", () -> drive(load));
        }
        if (!awaitAnswers(load != null)) {
            System.out.printf("error The guest at %s does not answer: %s%n", guest.address(), lastError);
            return false;
        }
        errors.set(0);
        System.out.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        long begin = System.nanoTime();
        Long from = null;
        Long to = null;
        String command;
        while ((command = commands.readLine()) != null) {
            switch (command) {
                case "from" -> from = System.nanoTime();
                case "to" -> to = System.nanoTime();
                case "stop" -> {
                    report(new Times(begin, from, to, System.nanoTime()));
                    return true;
                }
                default -> throw new IOException("There is no command '%s'.".formatted(command));
            }
        }
        return false;
    }

    private void report(Times times) throws IOException {
        LinuxWorkload workload = guest.workload();
        Series rates = workload == LinuxWorkload.BUILD ? echo.work() : answers;
        boolean answersOnce = workload == LinuxWorkload.REDIS || workload == LinuxWorkload.NGINX;
        ClientReport report = ClientReport.of(
                workload.id(),
                workload.unit(),
                rates,
                answersOnce ? answers : echo.answers(),
                echo.answers(),
                times,
                errors.get());
        System.out.println(WireJson.mapper().writeValueAsString(report));
    }

    /** A guest may still boot; there is no event that tells when it answers first. */
    private boolean awaitAnswers(boolean loaded) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (echo.answers().size() == 0 || (loaded && answers.size() == 0)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
        return true;
    }

    private void drive(Load load) throws InterruptedException {
        while (true) {
            try {
                load.run(answers);
            } catch (IOException e) {
                errors.incrementAndGet();
                lastError = e.getMessage();
                TimeUnit.MILLISECONDS.sleep(RETRY.toMillis());
            }
        }
    }

    /** The work of a thread, which may fail. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        errors.incrementAndGet();
                        lastError = e.getMessage();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
