package io.github.godwit.host.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.WireJson;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A QEMU whose monitor is its standard input and output: it needs no socket in a directory that its user would have to be able to write
 * to. {@link #close} ends it.
 */
final class QmpProcess implements Monitor, AutoCloseable {

    private static final int MAX_ERROR_CHARS = 400;
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration QUIT = Duration.ofSeconds(3);
    private static final String END = "";

    private final Process process;
    private final BufferedWriter requests;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private volatile String errors = "";
    private final Thread errorReader;
    private final MonitorPace pace = new MonitorPace();
    private final ObjectMapper json = WireJson.mapper();

    /**
     * Starts a command and waits for its greeting.
     *
     * @throws IOException if it cannot be started, ends (with its own message), or does not answer within ten seconds
     */
    QmpProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command).start();
        requests = process.outputWriter(StandardCharsets.UTF_8);
        DaemonThreads.start("probe-answers", () -> read(process.inputReader(StandardCharsets.UTF_8), answers));
        errorReader = DaemonThreads.start("probe-errors", () -> collect(process.errorReader(StandardCharsets.UTF_8)));
        try {
            next(START);
            execute("qmp_capabilities", Map.of(), START);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static void read(BufferedReader from, BlockingQueue<String> into) {
        try (from) {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                into.add(line);
            }
        } catch (IOException e) {
            // the end of the process, as is null
        } finally {
            into.add(END);
        }
    }

    private void collect(BufferedReader from) {
        StringBuilder text = new StringBuilder();
        try (from) {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                if (text.length() < MAX_ERROR_CHARS) {
                    text.append(text.isEmpty() ? "" : "; ").append(line.strip());
                    errors = text.toString();
                }
            }
        } catch (IOException e) {
            // the end of the process
        }
    }

    private JsonNode next(Duration timeout) throws QmpException {
        try {
            String line = answers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw new QmpException("QEMU did not answer within %d s.".formatted(timeout.toSeconds()), false, null);
            }
            if (line.equals(END)) {
                errorReader.join(QUIT.toMillis());
                throw new QmpException(
                        "QEMU did not start: " + (errors.isEmpty() ? "it printed nothing" : errors), false, null);
            }
            return json.readTree(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QmpException("Interrupted while QEMU was probed.", false, e);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new QmpException("QEMU's answer is not JSON: " + e.getOriginalMessage(), false, e);
        }
    }

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
        ObjectNode request = json.createObjectNode().put("execute", command);
        if (!arguments.isEmpty()) {
            request.set("arguments", json.valueToTree(arguments));
        }
        try {
            requests.write(request.toString());
            requests.newLine();
            requests.flush();
        } catch (IOException e) {
            next(QUIT); // says why it has ended
            throw new QmpException("QEMU does not accept %s: %s".formatted(command, e.getMessage()), false, e);
        }
        while (true) {
            JsonNode answer = next(timeout);
            if (answer.has("error")) {
                throw new QmpException(answer.path("error").path("desc").asText(), true, null);
            }
            if (answer.has("return")) {
                return answer.path("return");
            }
        }
    }

    @Override
    public MonitorPace pace() {
        return pace;
    }

    /** Ends QEMU. */
    @Override
    public void close() {
        try {
            requests.close(); // QEMU without a monitor client would continue
        } catch (IOException e) {
            // it has ended
        }
        process.destroy();
        try {
            if (!process.waitFor(QUIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
