package io.github.godwit.host.profile;

import static io.github.godwit.model.profile.ProfilePart.CONTENT;
import static io.github.godwit.model.profile.ProfilePart.VCPU_USE;
import static io.github.godwit.model.profile.ProfilePart.WRITES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.WritingVm;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.vm.FakeVms;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.VmProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The profile of a VM if profiling takes too long, misses a part or fails; the profiler is fake. */
@Timeout(30)
class VmProfileCacheTest {

    /** For a profile that becomes available; no test waits that long. */
    private static final Duration LONG = Duration.ofSeconds(20);

    /** For a profile that does not become available. */
    private static final Duration SHORT = Duration.ofMillis(50);

    private static final Vm VM = FakeVms.vm(new RunningVm(WritingVm.definition("web"), 1, Path.of("/nowhere")));

    /** The behaviour of the fake profiler. */
    @FunctionalInterface
    private interface Behaviour {
        VmProfile run(Consumer<VmProfile> early) throws IOException, InterruptedException;
    }

    private final VmStates states = new VmStates();
    private final AtomicInteger profiled = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile Behaviour behaviour = early -> WritingVm.named("web");
    private final VmProfileCache cache = new VmProfileCache(
            (vm, monitor, patience, early) -> {
                profiled.incrementAndGet();
                return behaviour.run(early);
            },
            states);

    @AfterEach
    void close() {
        cache.close();
        states.close();
    }

    /** Profiling that does not end. */
    private VmProfile hang() throws InterruptedException {
        never.await();
        throw new IllegalStateException("the latch is never counted down");
    }

    private static VmProfile known(Map<ProfilePart, Long> agesMillis) {
        return WritingVm.known("web", agesMillis);
    }

    @Test
    void aNewProfileIsFresh() throws Exception {
        assertThat(cache.of(VM, LONG)).isEqualTo(WritingVm.named("web"));
    }

    @Test
    void aProfileIsReusedForHalfAMinuteUnlessANewOneIsRequested() throws Exception {
        VmProfile first = cache.of(VM, LONG);

        assertThat(cache.of(VM, LONG)).isSameAs(first);
        assertThat(profiled).hasValue(1);
        cache.anew(VM, LONG);
        assertThat(profiled).hasValue(2);
    }

    @Test
    void aCompleteProfileIsUsedAgainWhileItIsYoungEnough() throws Exception {
        behaviour = early -> known(Map.of(WRITES, 5_000L, CONTENT, 0L, VCPU_USE, 0L));
        cache.notOlder(VM, LONG, LONG);
        cache.notOlder(VM, LONG, LONG);
        assertThat(profiled).hasValue(1);

        cache.notOlder(VM, Duration.ofSeconds(5), LONG);
        assertThat(profiled).hasValue(2);
        cache.notOlder(VM, Duration.ZERO, LONG);
        assertThat(profiled).hasValue(3);
    }

    @Test
    void fromTimeToTimeAVmIsProfiledUnlessTheHostIsBusy() throws Exception {
        AtomicBoolean busy = new AtomicBoolean(true);
        CountDownLatch begun = new CountDownLatch(1);
        VmProfileCache.Guard guard = new VmProfileCache.Guard() {
            @Override
            public Optional<String> objection(Vm vm) {
                return Optional.empty();
            }

            @Override
            public boolean isBusy() {
                return busy.get();
            }
        };
        VmProfiler profiler = (vm, monitor, patience, early) -> {
            begun.countDown();
            return WritingVm.named("web");
        };
        try (VmProfileCache host = new VmProfileCache(profiler, states, guard, Duration.ZERO)) {
            VmList vms = FakeVms.list(VM);
            host.refreshOne(vms); // sees it for the first time
            host.refreshOne(vms);
            assertThat(begun.await(SHORT.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
            busy.set(false);
            host.refreshOne(vms);
            assertThat(begun.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        }
    }

    @Test
    void anIncompleteProfileIsNotUsedAgain() throws Exception {
        behaviour = early -> known(Map.of(CONTENT, 0L));
        cache.notOlder(VM, LONG, LONG);
        cache.notOlder(VM, LONG, LONG);

        assertThat(profiled).hasValue(2);
    }

    @Test
    void aMissingPartIsTakenFromTheEarlierProfileWithItsAge() throws Exception {
        VmProfile before = known(Map.of(WRITES, 5_000L, CONTENT, 5_000L, VCPU_USE, 5_000L));
        behaviour = early -> before;
        cache.anew(VM, LONG);
        behaviour = early -> known(Map.of(CONTENT, 0L, VCPU_USE, 0L));

        VmProfile now = cache.anew(VM, LONG);

        assertThat(now.missing()).isEmpty();
        assertThat(now.dirtyCurve()).isEqualTo(before.dirtyCurve());
        assertThat(now.agesMillis()).containsEntry(CONTENT, 0L).containsEntry(VCPU_USE, 0L);
        // Plus the milliseconds that have passed since then.
        assertThat(now.agesMillis().get(WRITES)).isBetween(5_000L, 5_000 + LONG.toMillis());
    }

    @Test
    void aPartThatWasNeverMeasuredStaysMissing() throws Exception {
        behaviour = early -> known(Map.of(CONTENT, 0L));
        cache.anew(VM, LONG);
        behaviour = early -> known(Map.of(VCPU_USE, 0L));

        assertThat(cache.anew(VM, LONG).missing()).containsExactly(WRITES);
    }

    @Test
    void ifProfilingTakesTooLongTheEarlierProfileIsUsedWithItsAge() throws Exception {
        behaviour = early -> known(Map.of(WRITES, 5_000L, CONTENT, 6_000L, VCPU_USE, 7_000L));
        cache.anew(VM, LONG);
        behaviour = early -> hang();

        VmProfile late = cache.anew(VM, SHORT);

        assertThat(late.missing()).isEmpty();
        assertThat(late.allFresh()).isFalse();
        // The call waited 50 ms.
        assertThat(late.agesMillis().get(WRITES)).isBetween(5_050L, 5_000 + LONG.toMillis());
        assertThat(late.agesMillis().get(CONTENT) - late.agesMillis().get(WRITES))
                .isEqualTo(1_000);
        assertThat(late.agesMillis().get(VCPU_USE) - late.agesMillis().get(CONTENT))
                .isEqualTo(1_000);
    }

    @Test
    void ifProfilingFailsTheEarlierProfileIsUsed() throws Exception {
        cache.anew(VM, LONG);
        behaviour = early -> {
            throw new IOException("QEMU does not answer");
        };

        assertThat(cache.anew(VM, LONG).dirtyCurve())
                .isEqualTo(WritingVm.named("web").dirtyCurve());
    }

    @Test
    void anIncompleteProfileIsUsedIfTheRestIsLate() throws Exception {
        CountDownLatch halfDone = new CountDownLatch(1);
        behaviour = early -> {
            early.accept(known(Map.of(CONTENT, 0L, VCPU_USE, 0L)));
            halfDone.countDown();
            return hang();
        };
        cache.beginEarly(VM);
        assertThat(halfDone.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        VmProfile half = cache.of(VM, SHORT);

        assertThat(half.missing()).containsExactly(WRITES);
        assertThat(half.vcpuUse()).isEqualTo(0.5);
        assertThat(profiled).as("it waits for the running profiling").hasValue(1);
    }

    @Test
    void anIncompleteProfileIsCompletedFromTheEarlierOne() throws Exception {
        behaviour = early -> known(Map.of(WRITES, 60_000L));
        cache.anew(VM, LONG);
        CountDownLatch halfDone = new CountDownLatch(1);
        behaviour = early -> {
            early.accept(known(Map.of(CONTENT, 0L, VCPU_USE, 0L)));
            halfDone.countDown();
            return hang();
        };

        assertThat(cache.anew(VM, SHORT)).as("profiling starts").isNotNull();
        assertThat(halfDone.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        VmProfile half = cache.anew(VM, SHORT);

        assertThat(half.missing()).isEmpty();
        assertThat(half.agesMillis().get(WRITES)).isBetween(60_000L, 60_000 + LONG.toMillis());
        assertThat(half.agesMillis().get(CONTENT)).isBetween(0L, LONG.toMillis());
        assertThat(profiled).as("one that ended, and one that is running").hasValue(2);
    }

    @Test
    void withoutAnyProfileTheReasonIsReported() {
        behaviour = early -> hang();
        assertThatThrownBy(() -> cache.of(VM, SHORT))
                .isInstanceOf(IOException.class)
                .hasMessage("VM web cannot be profiled: no answer within 50 ms");
    }

    @Test
    void afterAFailureTheReasonIsReportedAndProfilingStartsAgain() throws Exception {
        behaviour = early -> {
            throw new IOException("Nothing of VM 'web' could be measured within 15000 ms.");
        };
        assertThatThrownBy(() -> cache.of(VM, LONG))
                .isInstanceOf(IOException.class)
                .hasMessage("VM web cannot be profiled: Nothing of VM 'web' could be measured within 15000 ms.");
        behaviour = early -> WritingVm.named("web");
        assertThat(cache.of(VM, LONG).allFresh()).isTrue();
    }

    /** A cache whose VMs must not be profiled for this reason, or may be while it is empty. */
    private VmProfileCache guarded(AtomicReference<String> objection) {
        return new VmProfileCache(
                (vm, monitor, patience, early) -> {
                    profiled.incrementAndGet();
                    return behaviour.run(early);
                },
                states,
                vm -> Optional.of(objection.get()).filter(reason -> !reason.isEmpty()));
    }

    @Test
    void aVmThatIsBeingMigratedIsNotProfiledAndItsLastProfileIsReturnedWithItsAge() throws Exception {
        AtomicReference<String> objection = new AtomicReference<>("");
        try (VmProfileCache guarded = guarded(objection)) {
            behaviour = early -> known(Map.of(WRITES, 5_000L, CONTENT, 5_000L, VCPU_USE, 5_000L));
            guarded.anew(VM, LONG);
            objection.set("it is being migrated");

            assertThat(guarded.anew(VM, LONG).agesMillis().get(WRITES)).isGreaterThanOrEqualTo(5_000L);
            assertThat(profiled).hasValue(1);
        }
    }

    @Test
    void withoutAnEarlierProfileTheReasonIsReported() {
        try (VmProfileCache guarded = guarded(new AtomicReference<>("its flavor is excluded"))) {
            assertThatThrownBy(() -> guarded.of(VM, LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("its flavor is excluded");
            assertThat(profiled).hasValue(0);
        }
    }

    @Test
    void profilingIsStoppedBeforeAMigrationAndQemuHasEndedItsWindow() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        behaviour = early -> {
            begun.countDown();
            try {
                return hang();
            } finally {
                interrupted.countDown();
            }
        };
        Monitor monitor = mock();
        ObjectMapper json = new ObjectMapper();
        when(monitor.execute(eq("query-dirty-rate"), any(), any()))
                .thenReturn(json.readTree("{\"status\": \"measuring\"}"), json.readTree("{\"status\": \"measured\"}"));
        Vm leaving = FakeVms.vm(new RunningVm(WritingVm.definition("leaving"), 1, Path.of("/nowhere")));
        when(leaving.monitor()).thenReturn(monitor);
        cache.beginEarly(leaving);
        begun.await();

        cache.settle(leaving, LONG);

        assertThat(interrupted.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        verify(monitor, times(2)).execute(eq("query-dirty-rate"), any(), any());
        assertThatThrownBy(() -> cache.of(leaving, SHORT)).isInstanceOf(IOException.class);
    }

    @Test
    void fewVmsAreProfiledAtOnce() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch three = new CountDownLatch(3);
        behaviour = early -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            three.countDown();
            release.await();
            running.decrementAndGet();
            return WritingVm.named("web");
        };
        List<Vm> vms = IntStream.range(0, 40)
                .mapToObj(i -> FakeVms.vm(new RunningVm(WritingVm.definition("web" + i), 1, Path.of("/nowhere"))))
                .toList();
        vms.forEach(cache::beginEarly);
        three.await();
        release.countDown();
        for (Vm vm : vms) {
            cache.of(vm, LONG);
        }
        assertThat(profiled).hasValue(40);
        assertThat(most).hasValue(3);
    }
}
