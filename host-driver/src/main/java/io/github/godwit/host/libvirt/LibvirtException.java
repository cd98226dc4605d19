package io.github.godwit.host.libvirt;

import java.io.IOException;

/** A call of libvirt failed; the message contains libvirt's own. */
public final class LibvirtException extends IOException {

    private static final long serialVersionUID = 1L;

    LibvirtException(String message) {
        super(message);
    }
}
