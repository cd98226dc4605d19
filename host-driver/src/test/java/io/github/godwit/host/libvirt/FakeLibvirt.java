package io.github.godwit.host.libvirt;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.mockito.stubbing.Answer;

/** libvirt with one domain, whose functions are mocks. What libvirt allocates for its caller is allocated, because the caller frees it. */
final class FakeLibvirt {

    static final String URI = "qemu:///system";
    static final String UUID = "0793895c-c6ba-45a8-bfa6-702f1057d822";
    static final Pointer CONNECTION = new Pointer(0x1000);
    static final Pointer SECOND_CONNECTION = new Pointer(0x2000);
    static final Pointer DOMAIN = new Pointer(0x3000);

    /** The message of VIR_ERR_NO_DOMAIN (42). */
    static final String NO_DOMAIN = "Domain not found: no domain with matching uuid '%s'".formatted(UUID);

    /** The message of VIR_ERR_OPERATION_INVALID (55) without a job. */
    static final String NO_JOB = "Requested operation is not valid: no job is active on the domain";

    /** The message of VIR_ERR_INTERNAL_ERROR (1) once the daemon has ended. */
    static final String DISCONNECTED = "internal error: client socket is closed";

    final LibvirtFunctions functions = mock();
    Duration deadline = LibvirtCalls.DEADLINE;
    final LibvirtFunctions.Qemu qemu = mock();

    FakeLibvirt() {
        when(functions.virConnectOpen(URI)).thenReturn(CONNECTION, SECOND_CONNECTION);
        when(functions.virConnectIsAlive(any())).thenReturn(1);
        when(functions.virDomainLookupByUUIDString(any(), eq(UUID))).thenReturn(DOMAIN);
        when(functions.virDomainGetUUIDString(any(), any())).thenAnswer(call -> {
            byte[] uuid = UUID.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(uuid, 0, call.getArgument(1, byte[].class), 0, uuid.length);
            return 0;
        });
        lists(List.of(DOMAIN));
        respond("{\"return\": [{\"thread-id\": %d}]}"
                .formatted(ProcessHandle.current().pid()));
        when(functions.virDomainGetXMLDesc(DOMAIN, 0))
                .thenAnswer(call -> text("<domain type='kvm'><uuid>%s</uuid>".formatted(UUID)
                        + "<memory unit='KiB'>262144</memory><vcpu>1</vcpu></domain>"));
    }

    LibvirtConnection open() throws LibvirtException {
        return LibvirtConnection.open(URI, functions, () -> qemu, new DomainEvents(), deadline);
    }

    /** Sets the message of the last error. */
    void error(String message) {
        when(functions.virGetLastErrorMessage()).thenReturn(message);
    }

    /** Makes libvirt report these capabilities. */
    void capabilities(String xml) {
        when(functions.virConnectGetCapabilities(any())).thenAnswer(call -> text(xml));
    }

    /** Puts the domain into this state of libvirt, for this reason. */
    void state(int state, int reason) {
        doAnswer(call -> {
                    call.getArgument(1, IntByReference.class).setValue(state);
                    call.getArgument(2, IntByReference.class).setValue(reason);
                    return 0;
                })
                .when(functions)
                .virDomainGetState(any(), any(), any(), anyInt());
    }

    /** Makes libvirt list these active domains. */
    void lists(List<Pointer> domains) {
        doAnswer(listing(domains))
                .when(functions)
                .virConnectListAllDomains(any(), any(), eq(LibvirtFunctions.LIST_ACTIVE));
    }

    /** What libvirt does to list these active domains. */
    static Answer<Integer> listing(List<Pointer> domains) {
        return call -> {
            Pointer array = new Pointer(Native.malloc((domains.size() + 1L) * Native.POINTER_SIZE));
            for (int i = 0; i < domains.size(); i++) {
                array.setPointer((long) i * Native.POINTER_SIZE, domains.get(i));
            }
            call.getArgument(1, PointerByReference.class).setValue(array);
            return domains.size();
        };
    }

    /** Sets the devices of the domain. */
    void devices(String xml) {
        when(functions.virDomainGetXMLDesc(DOMAIN, 0))
                .thenAnswer(call -> text("<domain type='kvm'><uuid>%s</uuid>".formatted(UUID)
                        + "<memory unit='KiB'>262144</memory><vcpu>1</vcpu><devices>" + xml + "</devices></domain>"));
    }

    /** Sets how many bytes of a disk of the domain are written, and the length of its file. */
    void allocates(String disk, long bytes, long physical) {
        doAnswer(call -> {
                    call.getArgument(2, Pointer.class).setLong(8, bytes);
                    call.getArgument(2, Pointer.class).setLong(16, physical);
                    return 0;
                })
                .when(functions)
                .virDomainGetBlockInfo(any(), eq(disk), any(), anyInt());
    }

    /** Sets what a QMP command results in. */
    void respond(Answer<Integer> answer) {
        doAnswer(answer).when(qemu).virDomainQemuMonitorCommand(any(), any(), any(), anyInt());
    }

    /** Sets the response to a QMP command; null for none. */
    void respond(String json) {
        respond(call -> {
            call.getArgument(2, PointerByReference.class).setValue(json == null ? null : text(json));
            return 0;
        });
    }

    static Pointer text(String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
        Pointer allocated = new Pointer(Native.malloc(bytes.length));
        allocated.write(0, bytes, 0, bytes.length);
        return allocated;
    }
}
