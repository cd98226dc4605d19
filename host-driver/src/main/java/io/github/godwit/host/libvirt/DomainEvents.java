package io.github.godwit.host.libvirt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.jna.Pointer;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Passes libvirt's events about migrations on to the listener of each domain, on libvirt's thread. */
public final class DomainEvents {

    private final Map<String, Consumer<JobEvent>> listeners = new ConcurrentHashMap<>();
    private final Map<String, Consumer<QmpEvent>> monitors = new ConcurrentHashMap<>();
    private final ObjectMapper json = WireJson.strictMapper();

    // libvirt holds these while a connection is open, so the garbage collector must not free them.
    private final LibvirtFunctions.LifecycleFunction lifecycle = (connection, domain, event, detail, opaque) -> {
        if (event == LibvirtFunctions.LIFECYCLE_SUSPENDED && detail == LibvirtFunctions.SUSPENDED_POSTCOPY) {
            publish(domain, new JobEvent.Postcopy());
        } else if (event == LibvirtFunctions.LIFECYCLE_SUSPENDED && detail == LibvirtFunctions.SUSPENDED_MIGRATED) {
            publish(domain, new JobEvent.Paused());
        }
        return 0;
    };
    private final LibvirtFunctions.IterationFunction iteration =
            (connection, domain, number, opaque) -> publish(domain, new JobEvent.Iteration(number));
    private final LibvirtFunctions.JobCompletedFunction jobCompleted =
            (connection, domain, parameters, count, opaque) ->
                    publish(domain, new JobEvent.Completed(new JobStats(TypedParameters.read(parameters, count))));

    private final LibvirtFunctions.MonitorFunction monitor =
            (connection, domain, event, seconds, micros, details, opaque) -> LibvirtConnection.uuid(
                            EventLoop.library(), domain)
                    .map(monitors::get)
                    .ifPresent(listener -> listener.accept(new QmpEvent(event, data(details))));

    private JsonNode data(String details) {
        try {
            return details == null ? MissingNode.getInstance() : json.readTree(details);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private void publish(Pointer domain, JobEvent event) {
        LibvirtConnection.uuid(EventLoop.library(), domain)
                .map(listeners::get)
                .ifPresent(listener -> listener.accept(event));
    }

    /** Sets the listener of a domain, which replaces an earlier one; it must not block. */
    void listen(String uuid, Consumer<JobEvent> listener) {
        listeners.put(uuid, listener);
    }

    /** Removes the listener of a domain. */
    void unlisten(String uuid) {
        listeners.remove(uuid);
    }

    /** Sets the listener of the events of a domain's QEMU, as {@link #listen}. */
    void listenToMonitor(String uuid, Consumer<QmpEvent> listener) {
        monitors.put(uuid, listener);
    }

    /** Removes that listener. */
    void unlistenToMonitor(String uuid) {
        monitors.remove(uuid);
    }

    LibvirtFunctions.MonitorFunction monitor() {
        return monitor;
    }

    LibvirtFunctions.LifecycleFunction lifecycle() {
        return lifecycle;
    }

    LibvirtFunctions.IterationFunction iteration() {
        return iteration;
    }

    LibvirtFunctions.JobCompletedFunction jobCompleted() {
        return jobCompleted;
    }
}
