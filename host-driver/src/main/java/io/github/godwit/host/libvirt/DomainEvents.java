package io.github.godwit.host.libvirt;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Passes on what libvirt tells of migrations: for each domain to who listens to it, on libvirt's thread. */
public final class DomainEvents {

    private final Map<String, Consumer<JobEvent>> listeners = new ConcurrentHashMap<>();

    // libvirt keeps these while a connection lives; Java must not collect them.
    private final LibvirtFunctions.LifecycleFunction lifecycle = (connection, domain, event, detail, opaque) -> {
        if (event == LibvirtFunctions.LIFECYCLE_SUSPENDED && detail == LibvirtFunctions.SUSPENDED_POSTCOPY) {
            tell(LibvirtConnection.uuid(EventLoop.library(), domain), new JobEvent.Postcopy());
        }
        return 0;
    };
    private final LibvirtFunctions.IterationFunction iteration = (connection, domain, number, opaque) ->
            tell(LibvirtConnection.uuid(EventLoop.library(), domain), new JobEvent.Iteration(number));
    private final LibvirtFunctions.JobCompletedFunction jobCompleted =
            (connection, domain, parameters, count, opaque) -> tell(
                    LibvirtConnection.uuid(EventLoop.library(), domain),
                    new JobEvent.Completed(new JobStats(TypedParameters.read(parameters, count))));

    private void tell(String uuid, JobEvent event) {
        Consumer<JobEvent> listener = listeners.get(uuid);
        if (listener != null) {
            listener.accept(event);
        }
    }

    /** Listens to a domain; it must return at once. Replaces an earlier listener. */
    void listen(String uuid, Consumer<JobEvent> listener) {
        listeners.put(uuid, listener);
    }

    /** Listens to it no more. */
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
