package io.github.godwit.host.migrate.rate;

import java.util.function.Consumer;

/** Something that is tried every second: after a failure only every tenth time, and the failure is reported once. */
final class Attempts {

    private static final int PAUSE = 10;

    private int pause;
    private boolean reported;

    /** Whether to try now. */
    boolean due() {
        return pause == 0 || --pause == 0;
    }

    void worked() {
        pause = 0;
    }

    void failed(Consumer<String> note, String message) {
        pause = PAUSE;
        if (!reported) {
            reported = true;
            note.accept(message);
        }
    }
}
