package io.github.godwit.strategy.actionplan;

import java.util.Optional;

/** Adds to the status message of a plan that it waits while the service is switched off, and takes that away again. */
final class OffNote {

    private static final String BEGIN = "Waiting: no action begins. ";

    private OffNote() {}

    /**
     * The status message of a plan.
     *
     * @param message the message as it is; null for none
     * @param off     why no action may begin, as a sentence, or nothing
     */
    static String apply(String message, Optional<String> off) {
        String own = message == null ? "" : message;
        int begin = own.indexOf(BEGIN);
        if (off.isEmpty() && begin < 0) {
            return message;
        }
        String verdict = (begin < 0 ? own : own.substring(0, begin)).strip();
        String all = off.map(reason -> (verdict + " " + BEGIN + reason).strip()).orElse(verdict);
        return all.isEmpty() ? null : all;
    }
}
