package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;

/** The monitor of one QEMU, to whom commands can be given: its own, or by way of libvirt. */
public interface Monitor {

    /** How long a command may take when nothing else is said. */
    Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Runs a command and waits for its answer.
     *
     * @param command   QMP name, for example {@code query-migrate}
     * @param arguments its arguments, perhaps empty
     * @param timeout   how long to wait
     * @return the {@code return} member of the answer
     * @throws QmpException when QEMU refuses (with its class and words), does not answer in time, answers something that is
     *                      not QMP, or closed the connection; after any but a refusal the connection is closed
     */
    JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException;

    /** {@link #execute(String, Map, Duration)} with {@link #DEFAULT_TIMEOUT}. */
    default JsonNode execute(String command, Map<String, ?> arguments) throws QmpException {
        return execute(command, arguments, DEFAULT_TIMEOUT);
    }

    /** {@link #execute(String, Map)} without arguments. */
    default JsonNode execute(String command) throws QmpException {
        return execute(command, Map.of(), DEFAULT_TIMEOUT);
    }
}
