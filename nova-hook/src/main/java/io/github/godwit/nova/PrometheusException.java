package io.github.godwit.nova;

/** Prometheus does not answer a query, or reports an error. The message contains the query and the reason. */
public final class PrometheusException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PrometheusException(String message, Throwable cause) {
        super(message, cause);
    }
}
