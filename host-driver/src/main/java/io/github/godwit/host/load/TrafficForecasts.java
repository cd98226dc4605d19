package io.github.godwit.host.load;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.traffic.RateForecast;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Forecasts of the traffic of each VM of this host and of the applications on its NIC, ten minutes ahead: about when a plan that is made
 * now is carried out. A forecast is the present rate until another one has proved better ({@link RateForecast}). What was learnt is lost at
 * a restart, and for a VM that leaves. Thread-safe.
 */
public final class TrafficForecasts {

    private static final Duration AHEAD = Duration.ofMinutes(10);

    private final VmList vms;
    private final Function<? super Vm, Traffic> taps;
    private final Supplier<Traffic> applications;
    private final InstantSource clock;
    private final RateForecast host = new RateForecast();
    private final Map<String, RateForecast> byVm = new HashMap<>();
    private boolean sampled;

    /**
     * Has learnt nothing yet.
     *
     * @param vms          the VMs of this host
     * @param taps         traffic of a VM's taps
     * @param applications traffic of this host without migrations
     * @param clock        the time of samples
     */
    public TrafficForecasts(
            VmList vms, Function<? super Vm, Traffic> taps, Supplier<Traffic> applications, InstantSource clock) {
        this.vms = vms;
        this.taps = taps;
        this.applications = applications;
        this.clock = clock;
    }

    /** Takes a sample of all rates; to be called every few seconds. */
    public void sample() {
        Instant now = clock.instant();
        Traffic ofHost = applications.get();
        Map<String, Traffic> rates = new HashMap<>();
        vms.all().forEach(vm -> rates.put(vm.name(), taps.apply(vm)));
        synchronized (this) {
            sampled = true;
            host.add(now, ofHost);
            byVm.keySet().retainAll(rates.keySet());
            rates.forEach((name, rate) ->
                    byVm.computeIfAbsent(name, any -> new RateForecast()).add(now, rate));
        }
    }

    /** The traffic of applications that is expected; empty before the first sample. */
    public synchronized Optional<Traffic> host() {
        return sampled ? Optional.of(host.forecast(then())) : Optional.empty();
    }

    /** The traffic of a VM that is expected; empty before its first sample. */
    public synchronized Optional<Traffic> vm(String name) {
        return Optional.ofNullable(byVm.get(name)).map(forecast -> forecast.forecast(then()));
    }

    private Instant then() {
        return clock.instant().plus(AHEAD);
    }
}
