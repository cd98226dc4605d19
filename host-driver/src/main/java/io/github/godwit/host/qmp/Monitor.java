package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;

/** Executes QMP commands in one QEMU, directly or through libvirt. */
public interface Monitor {

    /**
     * Executes a command and waits for its response.
     *
     * @param command   name of the QMP command, for example {@code query-migrate}
     * @param arguments its arguments; may be empty
     * @param timeout   how long to wait for the response
     * @return the {@code return} member of the response
     * @throws QmpException if QEMU refuses the command (with QEMU's error class and message), does not respond in time,
     *                      sends something that is not QMP, or has closed the connection. A late response is dropped
     */
    JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException;

    /** The latest response times of this monitor. */
    MonitorPace pace();

    /** {@link #execute(String, Map, Duration)} with the deadline that follows from this monitor's {@linkplain #pace() pace}. */
    default JsonNode execute(String command, Map<String, ?> arguments) throws QmpException {
        return execute(command, arguments, pace().deadline());
    }

    /** {@link #execute(String, Map)} without arguments. */
    default JsonNode execute(String command) throws QmpException {
        return execute(command, Map.of());
    }
}
