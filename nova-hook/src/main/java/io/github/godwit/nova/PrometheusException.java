package io.github.godwit.nova;

/** Prometheus does not answer a query. The message says what it says. */
public final class PrometheusException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PrometheusException(String message, Throwable cause) {
        super(message, cause);
    }
}
