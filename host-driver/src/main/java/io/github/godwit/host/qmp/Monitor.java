package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;

/** The monitor of one QEMU, to whom commands can be given: its own, or by way of libvirt. */
public interface Monitor {

    /**
     * Runs a command and waits for its answer.
     *
     * @param command   QMP name, for example {@code query-migrate}
     * @param arguments its arguments, perhaps empty
     * @param timeout   how long to wait
     * @return the {@code return} member of the answer
     * @throws QmpException when QEMU refuses (with its class and words), does not answer in time, answers something that is
     *                      not QMP, or closed the connection. An answer that comes too late is dropped
     */
    JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException;

    /** How long it has been taking lately. */
    MonitorPace pace();

    /** {@link #execute(String, Map, Duration)} with the time that this monitor's {@linkplain #pace() pace} gives it. */
    default JsonNode execute(String command, Map<String, ?> arguments) throws QmpException {
        return execute(command, arguments, pace().deadline());
    }

    /** {@link #execute(String, Map)} without arguments. */
    default JsonNode execute(String command) throws QmpException {
        return execute(command, Map.of());
    }
}
