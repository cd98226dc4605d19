package io.github.godwit.host.vm;

import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import java.util.Optional;

/** A VM on this host, whoever started it. */
public interface Vm {

    /** Its name; Nova's UUID where Nova started it. */
    default String name() {
        return running().definition().name();
    }

    /** What it runs from. */
    RunningVm running();

    /** The guest's heartbeats as seen here. */
    HeartbeatSource heartbeats();

    /** Whether its QEMU still runs. */
    boolean alive();

    /** Its monitor. */
    Monitor monitor() throws QmpException;

    /** QEMU's run state, for example {@code running}; {@code unknown} when its monitor does not answer. */
    default String state() {
        try {
            return monitor().execute("query-status").path("status").asText("unknown");
        } catch (QmpException e) {
            return "unknown";
        }
    }

    /** Id of a migration that it is in and of which only the VM itself knows; nothing for one that this agent runs. */
    Optional<String> migration();
}
