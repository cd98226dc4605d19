package io.github.godwit.host.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A monitor that answers as a test scripts, for dirty rates that a real guest does not show on demand. */
final class ScriptedQmp implements Qmp {

    /** The commands with their window and mode, in their order. */
    final List<String> commands = new ArrayList<>();

    private final ObjectMapper json = new ObjectMapper();
    private final Script script;

    /** Answers a command in JSON. */
    interface Script {
        String answer(String command, Map<String, ?> arguments) throws QmpException;
    }

    ScriptedQmp(Script script) {
        this.script = script;
    }

    static QmpException refusal(String message) {
        return new QmpException(message, true, null);
    }

    @Override
    public MonitorPace pace() {
        return new MonitorPace();
    }

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
        commands.add(command + " " + arguments.get("calc-time") + " " + arguments.get("mode"));
        try {
            return json.readTree(script.answer(command, arguments));
        } catch (QmpException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Subscription subscribe(Consumer<QmpEvent> listener) {
        return () -> {};
    }

    @Override
    public void close() {}
}
