package io.github.godwit.strategy.service;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What an instance is called. */
public final class Identity {

    private Identity() {}

    /** The machine's name, which tells instances apart where each has a machine of its own. */
    public static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
