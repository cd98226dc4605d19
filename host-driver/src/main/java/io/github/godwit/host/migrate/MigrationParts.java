package io.github.godwit.host.migrate;

import io.github.godwit.host.load.ThisHost;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.policy.LinkWatch;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.scatter.Intermediaries;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.ZeroCopySend;
import io.github.godwit.model.unit.Bandwidth;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a migration works with.
 *
 * @param vms       the VMs of this host
 * @param host      this host as it is now
 * @param peers     the host driver of another host, by its URL
 * @param profiles  profiles of the VMs
 * @param predictor predicts what each technique costs
 * @param policies  the policies and rules that hold now
 * @param links     learns from migrations that lost their connection
 * @param traffic   reserves bandwidth
 * @param outcomes  receives what every migration cost
 * @param recovery  how long it is tried to recover a post-copy whose connection broke
 * @param zeroCopy  for which links pages are sent without copying them
 * @param intermediaries on which pages may wait
 */
public record MigrationParts(
        VmList vms,
        ThisHost host,
        Function<URI, HostDriverClient> peers,
        VmProfileCache profiles,
        Predictor predictor,
        Supplier<PolicySet> policies,
        LinkWatch links,
        TrafficControl traffic,
        Consumer<Outcome> outcomes,
        RecoveryTerms recovery,
        ZeroCopySend zeroCopy,
        Intermediaries intermediaries) {

    /**
     * The rate that all traffic leaves free on the link to another host; empty if this host cannot reserve any there, because it has no
     * traffic control or has it on another NIC than the one that leads there.
     *
     * @param peer IP address of the other host
     */
    public Optional<Bandwidth> freeOutbound(String peer) {
        HostStatus now = host.towards(peer);
        HostProfile profile = now.profile();
        return now.reservations().available()
                        && Objects.equals(now.nic(), host.get().nic())
                ? Optional.of(profile.link().minus(profile.traffic().out()))
                : Optional.empty();
    }

    /** The rate that all traffic leaves free on the link into this host; empty if this host cannot reserve any. */
    public Optional<Bandwidth> freeInbound() {
        HostStatus now = host.get();
        HostProfile profile = now.profile();
        return now.reservations().inbound().isEmpty()
                ? Optional.of(profile.link().minus(profile.traffic().in()))
                : Optional.empty();
    }
}
