package io.github.godwit.lab.experiment;

import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.lab.client.GuestClient;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.linux.LinuxAccelerator;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.linux.LinuxVms;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.unit.MemorySize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Several Linux guests on one host, each with a client that drives it until the crowd is closed. */
final class Crowd implements AutoCloseable {

    /**
     * A guest to start.
     *
     * @param name     of its VM
     * @param workload what it runs
     * @param rate     what its client asks at most; see {@link LinuxGuest}
     * @param memory   of its VM
     */
    record Member(String name, LinuxWorkload workload, String rate, MemorySize memory) {}

    private final Map<String, LinuxGuest> guests;
    private final Map<String, GuestClient> clients = new LinkedHashMap<>();

    private Crowd(Map<String, LinuxGuest> guests) {
        this.guests = guests;
    }

    /** Starts the VMs one after another, then their clients, and waits until all guests answer. */
    static Crowd start(Lab lab, LabHost host, List<Member> members, Consumer<String> progress) {
        LinuxAccelerator accelerator = LinuxAccelerator.find();
        progress.accept("Starting %d Linux guests on %s by %s"
                .formatted(members.size(), host.name(), accelerator.accelerator()));
        LinuxVms vms = new LinuxVms(lab);
        Map<String, LinuxGuest> guests = new LinkedHashMap<>();
        for (Member member : members) {
            guests.put(
                    member.name(),
                    vms.start(
                            host,
                            member.name(),
                            member.memory(),
                            member.workload(),
                            member.rate(),
                            accelerator.accelerator()));
        }
        Crowd crowd = new Crowd(guests);
        try {
            guests.forEach((name, guest) -> crowd.clients.put(name, GuestClient.start(lab, guest)));
            return crowd;
        } catch (RuntimeException e) {
            crowd.close();
            throw e;
        }
    }

    /** Names of the VMs, in the order of their start. */
    List<String> names() {
        return new ArrayList<>(clients.keySet());
    }

    /** The guests by VM, in this order too. */
    Map<String, LinuxGuest> guests() {
        return guests;
    }

    void migrationsBegin() {
        clients.values().forEach(GuestClient::migrationBegins);
    }

    void migrationsEnded() {
        clients.values().forEach(GuestClient::migrationEnded);
    }

    /** Ends the clients, and returns what each measured. */
    Map<String, ClientReport> reports() {
        Map<String, ClientReport> reports = new LinkedHashMap<>();
        clients.forEach((name, client) -> reports.put(name, client.report()));
        return reports;
    }

    @Override
    public void close() {
        clients.values().forEach(GuestClient::close);
    }
}
