package io.github.godwit.training.learn;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Loads Weka without what it says, when it is first used, about native matrix libraries that are not used here. */
final class QuietWeka {

    private QuietWeka() {}

    /** Loads it, once. */
    static void load() {
        PrintStream err = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        try {
            Class.forName("weka.core.WekaPackageClassLoaderManager");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("Weka is not on the class path.", e);
        } finally {
            System.setErr(err);
        }
    }
}
