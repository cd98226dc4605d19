package io.github.godwit.common;

/** Names of hosts, which one part may write in full ({@code h1.example.org}) and another one in short ({@code h1}). */
public final class HostName {

    private HostName() {}

    /**
     * Returns whether two names are of the same host: they differ at most in case, or one is the first label of the other. Two full names
     * of different domains are of different hosts.
     */
    public static boolean same(String one, String other) {
        return one.equalsIgnoreCase(other) || shortens(one, other) || shortens(other, one);
    }

    private static boolean shortens(String name, String full) {
        return !name.isEmpty()
                && name.indexOf('.') < 0
                && full.length() > name.length()
                && full.charAt(name.length()) == '.'
                && full.regionMatches(true, 0, name, 0, name.length());
    }
}
