package io.github.godwit.host.trail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.common.trail.CadfEvents;
import io.github.godwit.common.trail.TrailLog;
import io.github.godwit.hostapi.trail.TrailLine;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Writes down who had this host driver do what: as events of CADF in a log, and the latest {@value #MOST} for the service, which collects
 * them. Thread-safe.
 */
public final class HostTrail {

    /** Some minutes of a host that is emptied. */
    static final int MOST = 1_000;

    private static final String SERVICE = "service/compute/godwit-host";
    private static final int FIRST_ERROR = 400;

    private final TrailLog log;
    private final String host;
    private final InstantSource clock;
    private final Deque<TrailLine> latest = new ArrayDeque<>();

    /**
     * @param log   gets each line as JSON
     * @param host  name of this host
     * @param clock current time
     */
    public HostTrail(TrailLog log, String host, InstantSource clock) {
        this.log = log;
        this.host = host;
        this.clock = clock;
    }

    /**
     * A request.
     *
     * @param who     who sent it
     * @param address from where; null for nova-compute on the same host
     * @param path    its path; null for nova-compute
     * @param status  HTTP status of the answer; 0 for nova-compute
     */
    public record Cause(String who, String address, String path, int status) {

        private static final Cause NOVA_COMPUTE = new Cause("nova-compute", null, null, 0);
    }

    /** Writes that nova-compute was given other flags for the migration of a server than its own. */
    public void advised(String server) {
        asked("advise", "server", server, Cause.NOVA_COMPUTE);
    }

    /** Writes what a client did, or failed to do; this host driver did not if its answer has a status from 400 on. */
    public void asked(String action, String type, String target, Cause cause) {
        TrailLine line = new TrailLine(
                UUID.randomUUID(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                host,
                action,
                cause.status() < FIRST_ERROR,
                type,
                target,
                cause.who(),
                cause.address(),
                cause.path(),
                cause.status());
        log.write(CadfEvents.line(cadf(line)));
        synchronized (latest) {
            latest.add(line);
            if (latest.size() > MOST) {
                latest.remove();
            }
        }
    }

    private static ObjectNode cadf(TrailLine line) {
        ObjectNode event = CadfEvents.event(line.id(), line.time(), line.action(), line.succeeded());
        ObjectNode initiator = event.putObject("initiator")
                .put(CadfEvents.TYPE, CadfEvents.USER)
                .put("id", line.who())
                .put("name", line.who());
        event.putObject("target")
                .put(CadfEvents.TYPE, SERVICE + "/" + line.type())
                .put("id", Objects.requireNonNullElse(line.target(), CadfEvents.UNKNOWN));
        event.putObject("observer")
                .put(CadfEvents.TYPE, SERVICE)
                .put("id", line.host())
                .put("name", "godwit-host");
        if (line.path() != null) {
            initiator.putObject("host").put("address", line.address());
            event.put("requestPath", line.path());
            event.putObject("reason").put("reasonType", "HTTP").put("reasonCode", String.valueOf(line.status()));
        }
        return event;
    }

    /**
     * The latest lines, the oldest first.
     *
     * @param after only those that follow this line, if it is still known; null for all
     */
    public List<TrailLine> latest(UUID after) {
        synchronized (latest) {
            List<TrailLine> lines = new ArrayList<>(latest);
            for (int i = lines.size() - 1; i >= 0; i--) {
                if (lines.get(i).id().equals(after)) {
                    return lines.subList(i + 1, lines.size());
                }
            }
            return lines;
        }
    }
}
