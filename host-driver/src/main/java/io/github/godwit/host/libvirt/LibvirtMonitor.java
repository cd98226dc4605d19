package io.github.godwit.host.libvirt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The monitor of a libvirt domain, through {@code virDomainQemuMonitorCommand}, for what libvirt does not offer: dirty rates over
 * windows in milliseconds, RAM blocks, and vCPU threads.
 */
final class LibvirtMonitor implements Monitor {

    private final LibvirtConnection libvirt;
    private final ExecutorService threads;
    private final String uuid;
    private final MonitorPace pace = new MonitorPace();
    private final ObjectMapper json = WireJson.strictMapper();

    /**
     * Creates the monitor of one domain.
     *
     * @param threads threads for calls, which block while a QEMU does not respond
     */
    LibvirtMonitor(LibvirtConnection libvirt, ExecutorService threads, String uuid) {
        this.libvirt = libvirt;
        this.threads = threads;
        this.uuid = uuid;
    }

    @Override
    public MonitorPace pace() {
        return pace;
    }

    /** After a timeout the call continues on its thread, and its response time is recorded as well. */
    private String call(String request) throws LibvirtException {
        long sent = System.nanoTime();
        String answer = libvirt.monitorCommand(uuid, request);
        pace.responded(Duration.ofNanos(System.nanoTime() - sent));
        return answer;
    }

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
        ObjectNode request = json.createObjectNode().put("execute", command);
        if (!arguments.isEmpty()) {
            request.set("arguments", json.valueToTree(arguments));
        }
        try {
            Future<String> call = threads.submit(() -> call(request.toString()));
            JsonNode answer = json.readTree(call.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
            if (answer.has("error")) {
                throw new QmpException(
                        "QEMU refused %s: %s"
                                .formatted(
                                        command,
                                        answer.path("error").path("desc").asText()),
                        true,
                        null);
            }
            return answer.path("return");
        } catch (QmpException e) {
            throw e;
        } catch (RejectedExecutionException e) {
            throw new QmpException(
                    "Cannot execute %s: all threads wait for QEMUs that do not respond.".formatted(command), false, e);
        } catch (ExecutionException e) {
            throw new QmpException(e.getCause().getMessage(), false, e);
        } catch (TimeoutException e) {
            pace.timedOut(timeout);
            throw new QmpException(
                    "QEMU did not answer %s within %d ms.".formatted(command, timeout.toMillis()), false, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QmpException("Interrupted while executing %s.".formatted(command), false, e);
        } catch (IOException e) {
            throw new QmpException("QEMU's response to %s is not JSON.".formatted(command), false, e);
        }
    }
}
