package io.github.godwit.lab;

/** An error that the user of the lab can act on. Its message says what failed and what to do. */
public class LabException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what failed and what to do, in whole sentences
     */
    public LabException(String message) {
        super(message);
    }

    /**
     * @param message what failed and what to do, in whole sentences
     * @param cause   the error behind it
     */
    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
