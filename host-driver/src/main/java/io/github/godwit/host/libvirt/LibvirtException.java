package io.github.godwit.host.libvirt;

import java.io.IOException;

/** libvirt refused a call or cannot be reached, in its own words. */
public final class LibvirtException extends IOException {

    private static final long serialVersionUID = 1L;

    LibvirtException(String message) {
        super(message);
    }
}
