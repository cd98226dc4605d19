package io.github.godwit.host.vm;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.List;
import java.util.Optional;

/** Mocks of VMs whose QEMU is running, for tests of what uses them. */
public final class FakeVms {

    private FakeVms() {}

    /** A VM with this definition and process, in state running, without a monitor. */
    public static Vm vm(RunningVm running) {
        Vm vm = mock();
        String name = running.definition().name();
        when(vm.name()).thenReturn(name);
        when(vm.running()).thenReturn(running);
        when(vm.alive()).thenReturn(true);
        when(vm.state()).thenReturn("running");
        when(vm.migration()).thenReturn(Optional.empty());
        when(vm.limits()).thenReturn(VmLimits.NONE);
        return vm;
    }

    /** The list of these VMs. */
    public static VmList list(Vm... vms) {
        return new VmList() {
            @Override
            public Optional<Vm> find(String name) {
                return all().stream().filter(vm -> vm.name().equals(name)).findFirst();
            }

            @Override
            public List<Vm> all() {
                return List.of(vms);
            }
        };
    }
}
