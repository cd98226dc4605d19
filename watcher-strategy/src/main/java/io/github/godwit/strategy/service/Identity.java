package io.github.godwit.strategy.service;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The default name of an instance. */
public final class Identity {

    private Identity() {}

    /** Returns the name of the machine, or {@code localhost} if it has none. It is unique if each instance runs on its own machine. */
    public static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
