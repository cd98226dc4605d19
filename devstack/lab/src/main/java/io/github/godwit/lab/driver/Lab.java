package io.github.godwit.lab.driver;

import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A lab that is up: its hosts and how to reach their agents.
 *
 * @param name        the lab
 * @param hosts       its hosts, in order
 * @param link        speed of each host's link
 * @param peerAddress address of the machine that is no host
 */
public record Lab(LabName name, List<LabHost> hosts, Bandwidth link, String peerAddress) {

    /** Copies the list. */
    public Lab {
        hosts = List.copyOf(hosts);
    }

    /**
     * The host of this name.
     *
     * @throws LabException when there is none; the message lists all
     */
    public LabHost host(String host) {
        return hosts.stream()
                .filter(candidate -> candidate.name().equals(host))
                .findFirst()
                .orElseThrow(() -> new LabException("There is no host '%s' in the lab. Choose one of %s."
                        .formatted(
                                host,
                                String.join(
                                        ", ", hosts.stream().map(LabHost::name).toList()))));
    }

    /** A client of a host's agent. */
    public HostDriverClient client(LabHost host) {
        return HostDriverClient.of(host.agent(), token());
    }

    /**
     * The host that a VM is on. Hosts whose agent does not answer are passed over, and named when the VM is not found.
     *
     * @throws LabException when it is on none that answers
     */
    public LabHost hostOf(String vm) {
        List<String> silent = new ArrayList<>();
        for (LabHost host : hosts) {
            try {
                if (client(host).vms().stream().anyMatch(status -> status.name().equals(vm))) {
                    return host;
                }
            } catch (HostDriverException e) {
                silent.add(e.getMessage());
            }
        }
        throw new LabException("There is no VM '%s' in the lab. 'lab vm list' shows all.%s"
                .formatted(vm, silent.isEmpty() ? "" : " But not all hosts were asked: " + String.join(" ", silent)));
    }

    /** State directory of a host's agent. */
    public Path state(LabHost host) {
        return name.stateDirectory().resolve(host.name());
    }

    /** File with the token that all agents of this lab share; only its owner may read it. */
    public Path tokenFile() {
        return name.stateDirectory().resolve("token");
    }

    /** The token of the agents. */
    public String token() {
        try {
            return Files.readString(tokenFile()).strip();
        } catch (IOException e) {
            throw new LabException(
                    "The token of the lab's agents cannot be read from %s. Run 'lab down', then 'lab up'."
                            .formatted(tokenFile()),
                    e);
        }
    }
}
