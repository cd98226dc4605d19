package io.github.godwit.host.libvirt;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/** Memory that libvirt has allocated for its caller, who frees it. */
final class Allocated {

    private Allocated() {}

    /** Copies a string and frees it. */
    static String taken(Pointer allocated) {
        String text = allocated.getString(0, StandardCharsets.UTF_8.name());
        free(allocated);
        return text;
    }

    /** Frees memory; null is allowed. */
    static void free(Pointer allocated) {
        if (allocated != null) {
            Native.free(Pointer.nativeValue(allocated));
        }
    }
}
