package io.github.godwit.nova;

/** Keystone could not be asked, or does not accept the user that asks. The message says which. */
public final class KeystoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeystoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
