package io.github.godwit.host.probe;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.model.technique.HostCapabilities;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest result of the probe. {@link #refresh}, called every few seconds, probes again on another thread when QEMU's binary, the access
 * to userfaultfd or libvirt's user has changed. A probe that fails, for example in the middle of an upgrade, leaves the last result, and
 * is repeated after a minute or after the next change.
 */
public final class ProbedTechniques implements Supplier<HostCapabilities>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProbedTechniques.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Supplier<ProbeInputs> inputs;
    private final Probe probe;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.factory("technique-probe"));
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile HostCapabilities latest;
    private volatile ProbeInputs probed;
    private volatile long failedAt;
    private volatile boolean failed;

    /** Probes a host. */
    @FunctionalInterface
    public interface Probe {
        /** The capabilities of the host's software, given the inputs. */
        HostCapabilities probe(ProbeInputs inputs) throws IOException;
    }

    /**
     * Probes for the first time.
     *
     * @param inputs reads what the result depends on
     * @param probe  the probe
     * @throws IOException if the probe fails
     */
    public ProbedTechniques(Supplier<ProbeInputs> inputs, Probe probe) throws IOException {
        this.inputs = inputs;
        this.probe = probe;
        this.probed = inputs.get();
        this.latest = probe.probe(probed);
    }

    @Override
    public HostCapabilities get() {
        return latest;
    }

    /** Whether a probe is running. */
    boolean isProbing() {
        return probing.get();
    }

    /** Probes again, on another thread, if something has changed. */
    public void refresh() {
        ProbeInputs now = inputs.get();
        boolean again = failed && System.nanoTime() - failedAt > PAUSE.toNanos();
        if ((!now.equals(probed) || again) && probing.compareAndSet(false, true)) {
            thread.execute(() -> probe(now));
        }
    }

    private void probe(ProbeInputs now) {
        try {
            HostCapabilities result = probe.probe(now);
            if (!result.equals(latest)) {
                LOG.info(
                        "This host's techniques have changed: QEMU {}, lacking {}, refused {}",
                        result.qemu(),
                        result.lacking(),
                        result.refused());
            }
            latest = result;
            failed = false;
        } catch (IOException | RuntimeException e) {
            LOG.warn("QEMU cannot be probed; the techniques found last still hold: {}", e.getMessage());
            failedAt = System.nanoTime();
            failed = true;
        } finally {
            probed = now;
            probing.set(false);
        }
    }

    /** Ends the probing; a QEMU that is being probed ends with its monitor. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
