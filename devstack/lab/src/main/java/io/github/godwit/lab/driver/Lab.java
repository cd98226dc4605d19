package io.github.godwit.lab.driver;

import io.github.godwit.common.tls.ReloadedTls;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LabIntermediary;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A lab that is up: its hosts and the clients of their host drivers.
 *
 * @param name        the lab
 * @param hosts       its hosts, in order
 * @param link        rate of each host's link
 * @param peerAddress IPv4 address of the peer, the far end of background traffic
 * @param guestSubnet network of the VMs, for example {@code 10.97.1.0/24}; the peer, their client, is in it too
 * @param hypervisor  what runs the VMs; null in the record of a lab from before libvirt, which is plain QEMU
 * @param intermediaries the machines on which pages of VMs may wait; null in the record of an older lab, which has none
 */
public record Lab(
        LabName name,
        List<LabHost> hosts,
        Bandwidth link,
        String peerAddress,
        String guestSubnet,
        Hypervisor hypervisor,
        List<LabIntermediary> intermediaries) {

    /** A lab with a copy of the list of hosts. */
    public Lab {
        hosts = List.copyOf(hosts);
        hypervisor = hypervisor == null ? Hypervisor.QEMU : hypervisor;
        intermediaries = intermediaries == null ? List.of() : List.copyOf(intermediaries);
    }

    /** A lab without intermediaries. */
    public Lab(
            LabName name,
            List<LabHost> hosts,
            Bandwidth link,
            String peerAddress,
            String guestSubnet,
            Hypervisor hypervisor) {
        this(name, hosts, link, peerAddress, guestSubnet, hypervisor, List.of());
    }

    /** The file with the intermediaries, which all host drivers have; only its owner may read it. */
    public Path intermediariesFile() {
        return name.stateDirectory().resolve("intermediaries.json");
    }

    /**
     * The host with this name.
     *
     * @throws LabException when there is none; the message lists all hosts
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

    /** Whether the host drivers speak HTTPS with {@link #certificates()}; otherwise they speak HTTP with {@link #token()}. */
    public boolean tls() {
        return hosts.stream().allMatch(host -> "https".equals(host.hostDriver().getScheme()));
    }

    /** The certificates of a lab with TLS. */
    public LabCertificates certificates() {
        return new LabCertificates(name);
    }

    /**
     * A client of a host's driver.
     *
     * @throws LabException when the token or the certificate of the service cannot be read
     */
    public HostDriverClient client(LabHost host) {
        if (!tls()) {
            return HostDriverClient.of(host.hostDriver(), token());
        }
        try {
            ReloadedTls service = new ReloadedTls(certificates().service());
            return HostDriverClient.sharing(null, HostDriverTimeouts.DEFAULT, Optional.of(service))
                    .apply(host.hostDriver());
        } catch (IOException e) {
            throw new LabException("%s Run 'lab down', then 'lab up'.".formatted(e.getMessage()), e);
        }
    }

    /** The options by which a program identifies itself to the host drivers as the service. */
    public List<String> serviceOptions() {
        return tls()
                ? LabCertificates.options(certificates().service())
                : List.of("--token-file", tokenFile().toString());
    }

    /**
     * The host that a VM is on. Hosts whose driver does not answer are skipped; the error names them when the VM is not found.
     *
     * @throws LabException when the VM is on no host that answers
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
                .formatted(vm, silent.isEmpty() ? "" : " These hosts did not answer: " + String.join(" ", silent)));
    }

    /** State directory of a host's driver. */
    public Path state(LabHost host) {
        return name.stateDirectory().resolve(host.name());
    }

    /** File with the token that all host drivers of this lab share; only its owner may read it. */
    public Path tokenFile() {
        return name.stateDirectory().resolve("token");
    }

    /**
     * The token of the host drivers.
     *
     * @throws LabException when it cannot be read
     */
    public String token() {
        try {
            return Files.readString(tokenFile()).strip();
        } catch (IOException e) {
            throw new LabException(
                    "The token of the host drivers cannot be read from %s. Run 'lab down', then 'lab up'."
                            .formatted(tokenFile()),
                    e);
        }
    }
}
