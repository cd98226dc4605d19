package io.github.godwit.host.libvirt;

import com.sun.jna.Pointer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Passes libvirt's events about migrations on to the listener of each domain, on libvirt's thread. */
public final class DomainEvents {

    private final Map<String, Consumer<JobEvent>> listeners = new ConcurrentHashMap<>();

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
