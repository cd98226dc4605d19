package io.github.godwit.training.learn;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Loads Weka without its messages about native matrix libraries, which are not used here. */
final class QuietWeka {

    private QuietWeka() {}

    /** Loads Weka; only the first call has an effect. */
    static void load() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        System.setOut(silent);
        System.setErr(silent);
        try {
            Class.forName("weka.core.WekaPackageClassLoaderManager");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("Weka is not on the class path.", e);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
