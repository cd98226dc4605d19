package io.github.godwit.lab.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.system.CommandRunner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kernel's view: which parts of a lab exist and which networks have routes. Every call reads it anew from {@code ip}. */
public final class NetworkState {

    private final CommandRunner commands;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param commands runs {@code ip}
     */
    public NetworkState(CommandRunner commands) {
        this.commands = commands;
    }

    /** Network namespaces of a lab. */
    public List<String> namespaces(LabName lab) {
        return texts(ip("-json", "netns", "list"), "name").stream()
                .filter(namespace -> namespace.startsWith(lab.prefix()))
                .toList();
    }

    /** Processes in a namespace: host drivers, VMs, background traffic, and any other process started there. */
    public List<ProcessIdentity> processes(String namespace) {
        return commands.run("ip", "netns", "pids", namespace)
                .lines()
                .map(pid -> ProcessIdentity.of(Long.parseLong(pid.strip())))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Whether the lab's management interface exists. */
    public boolean hasManagementInterface(LabName lab) {
        return texts(ip("-json", "link", "show", "type", "veth"), "ifname").contains(lab.managementInterface());
    }

    /** Destinations of all routes except the default route. */
    public List<Subnet> routedNetworks() {
        return texts(ip("-json", "-4", "route", "show", "table", "all"), "dst").stream()
                .filter(destination -> !destination.equals("default"))
                .map(Subnet::parse)
                .toList();
    }

    private JsonNode ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        String output = commands.run(command);
        try {
            return output.isBlank() ? json.createArrayNode() : json.readTree(output);
        } catch (IOException e) {
            throw new LabException(
                    "'%s' printed no JSON. Maybe iproute2 is too old.".formatted(String.join(" ", command)), e);
        }
    }

    private static List<String> texts(JsonNode entries, String field) {
        List<String> texts = new ArrayList<>();
        entries.forEach(entry -> {
            if (entry.hasNonNull(field)) {
                texts.add(entry.get(field).asText());
            }
        });
        return texts;
    }
}
