package io.github.godwit.lab;

/** Something that the user of the lab can act on; its message says what is wrong and what to do. */
public class LabException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong and what to do, whole sentences
     */
    public LabException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong and what to do, whole sentences
     * @param cause   what it came from
     */
    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
